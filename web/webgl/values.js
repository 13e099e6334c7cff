/** Where the values of tensors are: in textures, in the processor's memory, or in both. */

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {import('./readback.js').Elements} Elements */
/**
 * A value lies in a texture, in the processor's memory, or in both. `host` is the last known one, from which a tensor that
 * lies in a texture only comes back after the GPU was lost.
 * @typedef {object} Tensor
 * @property {Texture | null} texture
 * @property {number} address in the processor's memory, 0 if it is not there
 * @property {number} dtype
 * @property {number} size
 * @property {number} layers of its texture
 * @property {number} texelsPerLayer
 * @property {Elements | null} host
 */

export class Values {
  /** @param {import('./device.js').Device} device */
  constructor(device) {
    this.device = device;
    /** @type {Map<number, Tensor>} */
    this.tensors = new Map();
    this.nextHandle = 1;
  }

  /**
   * @param {Texture} texture
   * @param {number} size
   * @param {number} texelsPerLayer
   * @param {Elements | null} [host]
   * @returns {number} a new handle
   */
  keep(texture, size, texelsPerLayer, host = null) {
    const handle = this.nextHandle++;
    const {dtype, layers} = texture;
    /** @type {Tensor} */
    const tensor = {texture, address: 0, dtype, size, layers, texelsPerLayer, host: null};
    this.tensors.set(handle, tensor);
    if (host) this.device.backup.put(tensor, host);
    else this.device.backup.note([handle]);
    return handle;
  }

  /**
   * @param {number} address
   * @param {number} dtype
   * @param {number} size
   * @returns {number} a new handle
   */
  keepOnProcessor(address, dtype, size) {
    const handle = this.nextHandle++;
    const texelsPerLayer = Math.ceil(size / 4);
    this.tensors.set(handle, {texture: null, address, dtype, size, layers: 1, texelsPerLayer, host: null});
    return handle;
  }

  /**
   * A texture with the elements of a tensor, laid out as its own is.
   * @param {Tensor} tensor
   * @param {Elements} elements
   */
  filled({dtype, size, layers, texelsPerLayer}, elements) {
    const texture = this.device.textures.acquire(texelsPerLayer, dtype, layers);
    this.device.textures.upload(texture, elements, size, texelsPerLayer);
    return texture;
  }

  /**
   * The texture of a tensor; one that lies in the processor's memory only is copied to the GPU.
   * @param {Tensor} tensor
   */
  textureOf(tensor) {
    const {address, dtype, size} = tensor;
    tensor.texture ??= this.filled(tensor, this.device.processor.elements(address, dtype, size));
    return tensor.texture;
  }

  /**
   * The address of a tensor in the processor's memory; one that lies on the GPU only is read back.
   * @param {Tensor} tensor
   * @returns {number} 0 if there is no room
   */
  addressOf(tensor) {
    if (tensor.address || !tensor.texture) return tensor.address;
    const {texture, size, texelsPerLayer} = tensor;
    const elements = this.device.readback.readSync(texture, size, texelsPerLayer);
    this.device.assertAlive();
    tensor.address = this.device.processor.hold(elements);
    return tensor.address;
  }

  /**
   * The elements of a tensor that lies in the processor's memory.
   * @param {Tensor} tensor
   * @returns {Elements | null}
   */
  elements({address, dtype, size}) {
    return address ? this.device.processor.elements(address, dtype, size) : null;
  }

  /**
   * Gives a tensor the value in another texture, which becomes its own.
   * @param {Tensor} tensor
   * @param {Texture} texture
   */
  replace(tensor, texture) {
    this.letGo(tensor);
    tensor.texture = texture;
    tensor.layers = texture.layers;
    tensor.texelsPerLayer = Math.ceil(tensor.size / 4);
  }

  /**
   * Gives a tensor the value in a block of the processor's memory, which becomes its own.
   * @param {Tensor} tensor
   * @param {number} address
   */
  move(tensor, address) {
    this.letGo(tensor);
    tensor.address = address;
    tensor.layers = 1;
    tensor.texelsPerLayer = Math.ceil(tensor.size / 4);
  }

  /**
   * Gives a tensor whose value a step has computed that value; the copy of the former one is of no use any more.
   * @param {number} handle
   * @param {number} address
   */
  moveState(handle, address) {
    const tensor = this.device.tensor(handle);
    if (tensor.host) this.device.backup.forget(handle, tensor);
    this.move(tensor, address);
  }

  /**
   * Gives back where a tensor's value lies.
   * @param {Tensor} tensor
   */
  letGo(tensor) {
    if (tensor.texture) this.device.textures.release(tensor.texture);
    if (tensor.address) this.device.processor.memory.give(tensor.address);
    tensor.texture = null;
    tensor.address = 0;
  }

  /** Makes room in the processor's memory: what lies there goes to the GPU, or has gone there before. */
  clearProcessor() {
    for (const [handle, tensor] of this.tensors) {
      if (!tensor.address) continue;
      this.textureOf(tensor);
      this.device.processor.memory.give(tensor.address);
      tensor.address = 0;
      this.device.backup.note([handle]);
    }
  }
}
