"""The programs are for type checkers, which read them: nobody runs them."""

collect_ignore_glob = ["programs/*"]
