/** How long work tells where it is; the command line turns it into a bar or plain lines. */
export interface Progress {
  /** A new stretch of work of `total` units begins; 0 = unknown. */
  phase(name: string, total: number, unit: 'bytes' | 'flows' | 'days' | 'questions'): void
  advance(units: number): void
  /** Something happened that a person should see now. */
  note(text: string): void
  done(): void
}

export const silentProgress: Progress = { phase: () => {}, advance: () => {}, note: () => {}, done: () => {} }
