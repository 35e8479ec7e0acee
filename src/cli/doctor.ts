/** `weir init`. */
export async function run(): Promise<void> {}
