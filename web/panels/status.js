/** The status area: what the page runs on, and what is alive. */

const REFRESH_MS = 1000;

/** @param {number} count */
function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 ** 2) return `${(count / 1024).toFixed(1)} KB`;
  return `${(count / 1024 ** 2).toFixed(1)} MB`;
}

/**
 * @param {string} id
 * @param {string} text
 */
function set(id, text) {
  const cell = document.getElementById(id);
  if (cell && cell.textContent !== text) cell.textContent = text;
}

export class StatusPanel {
  #client;
  #running;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #asking = false;

  /**
   * @param {import('../client.js').Client} client
   * @param {(running: number) => void} running told how many cells are under way
   */
  constructor(client, running) {
    this.#client = client;
    this.#running = running;
  }

  /** @param {import('../protocol.js').BootReport} report */
  begin(report) {
    set('status-python', `Python ${report.versions.python}, Pyodide ${report.versions.pyodide}`);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.refresh(), REFRESH_MS);
    this.refresh();
  }

  end() {
    clearInterval(this.#timer);
    this.#running(0);
  }

  async refresh() {
    if (this.#asking || document.hidden) return;
    this.#asking = true;
    // A worker that computes in Python cannot answer: then something certainly runs.
    const busy = setTimeout(() => this.#running(1), REFRESH_MS / 2);
    try {
      this.#show(await this.#client.status());
    } catch {
      this.#running(0); // Python was restarted meanwhile; its successor begins anew
    } finally {
      clearTimeout(busy);
      this.#asking = false;
    }
  }

  /** @param {import('../protocol.js').Status} status */
  #show({device, memory, running, backend, deviceStats}) {
    for (const place of ['status', 'machine']) {
      set(`${place}-backend`, device ? backend : `${backend} (no WebGL2)`);
      set(`${place}-renderer`, device ? device.renderer : 'none');
    }
    set(
      'status-limits',
      device
        ? `textures to ${device.maxTextureSize}, ${device.maxDrawBuffers} draw buffers, ${device.maxTextureUnits} units`
        : '-',
    );
    set(
      'status-float32',
      device ? (device.float32 && device.probe === 'ok' ? 'yes, probe ok' : `no (${device.probe})`) : '-',
    );
    const alive = `${memory.numTensors} tensors, ${bytes(memory.numBytes)}`;
    set('memory-tensors', alive);
    if (deviceStats) {
      const {textureBytes, pooledBytes, peakBytes, programs, plans, launches} = deviceStats;
      set(
        'memory-textures',
        `${bytes(textureBytes)} in use, ${bytes(pooledBytes)} kept for reuse, ${bytes(peakBytes)} at most so far`,
      );
      set('memory-compiled', `${programs} programs, ${plans} plans, ${launches} launches so far`);
    }
    set('status-tensors', alive);
    set(
      'status-textures',
      deviceStats ? `${bytes(deviceStats.textureBytes ?? 0)}, ${deviceStats.programs ?? 0} programs` : '-',
    );
    set(
      'status-running',
      running === 0 ? 'idle' : running === 1 ? '1 cell running' : `${running} cells running`,
    );
    this.#running(running);
  }
}
