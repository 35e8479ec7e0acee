/**
 * Ctrl-C and SIGTERM for commands that take a while: the first asks the work to stop where it is whole, a second ends the program
 * on the spot. To be asked for before anything is said. The handlers stay until the program is gone: one taken away when the work
 * is done would let a late signal kill a program that had only its result left to print.
 */
let stop: AbortController | undefined

export function stopSignal(): AbortSignal {
  if (stop !== undefined) return stop.signal
  const made = new AbortController()
  stop = made
  // once: the second finds no handler
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => made.abort())
  return made.signal
}
