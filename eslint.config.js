import js from '@eslint/js';
import globals from 'globals';

export default [
  {ignores: ['build/**', '.venv/**', 'node_modules/**']},
  js.configs.recommended,
  {
    languageOptions: {ecmaVersion: 2024, sourceType: 'module'},
    linterOptions: {reportUnusedDisableDirectives: 'error'},
    rules: {
      'consistent-return': 'error',
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'max-lines-per-function': ['error', {max: 60, skipBlankLines: true, skipComments: true}],
      'no-console': 'error',
      'no-implicit-globals': 'error',
      'no-param-reassign': 'error',
      'no-shadow': 'error',
      'no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {files: ['web/**/*.js'], languageOptions: {globals: {...globals.browser}}},
  {
    files: ['web/worker.js', 'web/worker/**/*.js', 'web/webgl/**/*.js'],
    languageOptions: {globals: {...globals.worker}},
  },
  {
    files: ['eslint.config.js', 'bench/**/*.js'],
    languageOptions: {globals: {...globals.browser, ...globals.node}},
  },
];
