/** SHA-256 of conn-kernel.wasm, written by kernels/build.mjs. */
export const kernelSum = '87548dee2fb0ba4b9b70ded7a9855f296030dabbe07f8dafc054a9eb77a40dda'
