/**
 * Ctrl-C and SIGTERM for commands that take a while: the first asks the work to stop where it is whole, a second ends the program
 * on the spot. To be asked for before anything is said. The handlers stay until the program is gone: one taken away when the work
 * is done would let a late signal kill a program that had only its result left to print.
 */
const names = ['SIGINT', 'SIGTERM'] as const
let stop: AbortController | undefined

export function stopSignal(): AbortSignal {
  if (stop !== undefined) return stop.signal
  const made = new AbortController()
  stop = made
  const onSignal = (): void => {
    made.abort()
    // the second, of either kind, finds no handler
    for (const name of names) process.off(name, onSignal)
  }
  for (const name of names) process.on(name, onSignal)
  return made.signal
}
