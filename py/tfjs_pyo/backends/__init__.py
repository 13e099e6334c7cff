"""The backends and which one is used: WebGL2 where a worker has opened a device, NumPy elsewhere."""
