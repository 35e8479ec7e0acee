export function writeConnLog(
  path: string,
  options: { rows: number; days: number; start_s?: number; seed?: number },
): void
