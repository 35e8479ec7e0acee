/** SHA-256 of conn-kernel.wasm, written by kernels/build.mjs. */
export const kernelSum = '906f5ea8e0152422e9b930bb26c9d5c10c06456e7e50d7d32614eec62866e605'
