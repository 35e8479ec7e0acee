/**
 * Logs of JupyterHub and of the single-user servers behind it. A request line names user and address: a portal session of
 * the moment that the request took, which is what tells whose the flows of that address were just then. It states no
 * bytes and no server, and its URL, which may hold a token, is not kept. `User logged in` has no address, so it can name no
 * flow: like all other lines, and the continuation lines of tracebacks, it is not used. Times are wall times.
 * Source: jupyterhub/log.py and jupyter_server/log.py, log_request.
 */
import type { ObservationBatch } from '../../model/columns.ts'
import { type RejectReason, sessionParts } from '../../model/observation.ts'
import type { SourceContext, SourceFormat } from '../../model/source.ts'
import { GuardedLineParser } from '../text/guarded-lines.ts'
import { setAddress, spanProblem } from '../text/row-values.ts'
import { mostTextLinesAre } from '../text/text-lines.ts'
import { isoTextMs } from '../text/wall-text.ts'

/** `[I 2026-01-01 00:00:00.123 JupyterHub log:192] ` with level, time and application. */
const prefixForm =
  /^\[[DIWEC] (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:[.,]\d{1,6})?) ([^\s\]]{1,128})(?: [\w.-]{1,64}:\d{1,6})?\] /
const applications = /Jupyter|(?:Server|Notebook|Lab)App$/

/** `302 GET /hub/ -> /hub/home (alice@203.0.113.9) 12.34ms`: what stands in the brackets, and the duration. */
const requestForm =
  /^\d{3} [A-Z]{1,10} \S{0,16384}(?: (?:->|→) \S{0,16384})? \((\S{0,512})\) (\d{1,9}(?:\.\d{1,6})?)ms(?=\s|$)/

/** What a server writes for users that it cannot name. */
const nobody = 'unknown'

function takeLine(
  line: string,
  offset: number,
  batch: ObservationBatch,
  { clock }: SourceContext,
): RejectReason | undefined {
  const prefix = prefixForm.exec(line)
  if (!prefix) return line.startsWith('[') && /^\[[DIWEC] /.test(line) ? 'bad_time' : 'stream_not_used'
  const request = requestForm.exec(line.slice(prefix[0].length))
  if (!request) return 'stream_not_used'
  // user names may be e-mail addresses
  const at = request[1].lastIndexOf('@')
  const account = request[1].slice(0, Math.max(at, 0))
  if (account === '' || account === nobody) return 'stream_not_used'
  const end_ms = isoTextMs(prefix[1], clock)
  const start_ms = end_ms - Math.round(Number(request[2]))
  const span = spanProblem(start_ms, end_ms)
  if (span !== undefined || Number.isNaN(end_ms)) return span ?? 'bad_time'
  const row = batch.session.row()
  const to = batch.session.data
  if (!setAddress(to.peer, row, request[1].slice(at + 1))) {
    batch.session.dropRow()
    return 'bad_address'
  }
  to.kind[row] = batch.names.codeOf('portal')
  to.account[row] = batch.names.codeOf(account)
  to.start_ms[row] = start_ms
  to.end_ms[row] = end_ms
  to.part[row] = sessionParts.whole
  to.offset[row] = offset
  return undefined
}

export const jupyterhub: SourceFormat = {
  id: 'jupyterhub',
  title: 'JupyterHub and Jupyter server log',
  recognise: (head) =>
    mostTextLinesAre(head, (line) => {
      const prefix = prefixForm.exec(line)
      return prefix !== null && applications.test(prefix[2])
    }),
  open: (context) =>
    new GuardedLineParser('jupyterhub', (line, offset, batch) => takeLine(line, offset, batch, context)),
}
