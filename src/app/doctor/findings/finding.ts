/** One finding of `doctor`: what is the matter, and one step that would mend it. */
/** `wrong`: the books cannot be trusted; `blind`: something is not seen; `doubt`: it may be; `hint`: it could be better. */
export const severities = ['wrong', 'blind', 'doubt', 'hint'] as const
export type Severity = (typeof severities)[number]

export interface Finding {
  id: string
  severity: Severity
  statement: string
  next_step: string
  /** Shows more of it, or mends it; safe to paste into a shell. */
  command?: string
}

export function finding(
  id: string,
  severity: Severity,
  statement: string,
  next_step: string,
  command?: string,
): Finding {
  return { id, severity, statement, next_step, ...(command === undefined ? {} : { command }) }
}

/** One word of a POSIX shell, whatever is in it: names in the books come from logs. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** A value of a flow sequence or mapping of YAML, for names of logs that a reader may copy into a configuration. */
export function yamlWord(text: string): string {
  return /^[A-Za-z_./][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text)
}
