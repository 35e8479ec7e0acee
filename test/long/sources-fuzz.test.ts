/** Mutilated logs: nothing throws, and every record is a row or a counted reason. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ObservationBatch } from '../../src/model/columns.ts'
import { utcClock } from '../../src/model/log-clock.ts'
import type { SourceFormat } from '../../src/model/source.ts'
import { recogniseFormat, sourceFormats } from '../../src/sources/index.ts'
import { bytesOf } from '../../src/testing/parse-lines.ts'
import { recordsAccepted } from '../../src/testing/source-laws.ts'

fc.configureGlobal({ seed: 20_260_101 })

const tsv =
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\t' +
  'id.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tmissed_bytes\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\tuser_agent\tip_proto\n' +
  '1258790493.773208\tCcH8zVkCER7UopU1j\t192.168.1.104\t137\t192.168.1.255\t137\tudp\tdns\t3.748891\t350\t0\t0\t7\t546\t0\t0\tcurl\\x20\t17\n' +
  '1258790451.402091\tCMucAv3aPcRqfSv8Dj\t2001:db8::1\t138\t::ffff:10.0.0.1\t138\ticmp\t-\t-\t-\t-\t0\t1\t229\t0\t0\t-\t1\n'
const logs = [
  tsv,
  tsv.replace('#path\tconn', '#path\thttp'),
  tsv.replace('\\x09', '||').replaceAll('\t', '||'),
  '{"ts":1588205199.82437,"uid":"Cvf4XX17hSAgXDdGEd","id":{"orig_h":"10.0.1.6","orig_p":54243,"resp_h":"10.0.0.4","resp_p":53},"proto":"udp","service":"dns","duration":0.0015,"orig_bytes":39,"resp_bytes":5.5e1,"conn_state":"SF","_path":"conn"}\n' +
    '{"_path":"ssl","ts":"2018-03-24T17:15:20.615923Z","uid":"C\\u0041","id.orig_h":"10.1.1.1","id.resp_h":"10.1.1.2","ja3":"\\ud83d\\ude00","x":[1,[2,{"y":null}]]}\n',
  '{"type":"flow","start_ms":1700000000000,"end_ms":1700000005000,"src_ip":"10.0.0.1","src_port":1,"dst_ip":"10.0.0.2","dst_port":2,"proto":6,"bytes_src":1,"bytes_dst":9223372036854775807,"sampling":10}\n' +
    '{"type":"session","kind":"vpn","account":"al\\u0069ce","peer_ip":"2001:db8::7","host_ip":"login1","start_ms":1.7e12}\n' +
    '{"type":"job","job_id":4,"account":"a","project":"p","nodes":["n1","n\\n2"],"start_ms":1700000000000}\n',
].map(bytesOf)

/** Changes to a log: overwrite, insert or remove bytes at places relative to its length. */
const wicked = fc.constantFrom(...bytesOf('\0\t\n\r"\\{}[],:#-+.eE0123456789|x(u '), 0x80, 0xff)
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.constantFrom(0, 0, 1, 1, 2, 40),
  insert: fc.array(fc.oneof(wicked, fc.nat(255)), { maxLength: 6 }),
})
const damaged = fc
  .tuple(fc.constantFrom(...logs), fc.array(edit, { minLength: 1, maxLength: 8 }))
  .map(([log, edits]) => {
    let bytes = [...log]
    for (const { at, remove, insert } of edits)
      bytes = bytes.toSpliced(Math.floor(at * bytes.length), remove, ...insert)
    return Uint8Array.from(bytes)
  })

function recordsIn(bytes: Uint8Array, format: SourceFormat): number {
  const lines = new TextDecoder('latin1').decode(bytes).split('\n')
  const json = format.id === 'neutral' || format.id.endsWith('_json')
  const isRecord = (line: string) =>
    json
      ? !/^[\t\r ]*$/.test(line) && (format.id === 'neutral' || !line.startsWith('#'))
      : !/^\r?$/.test(line) && !line.startsWith('#')
  return lines.filter(isRecord).length
}

function check(format: SourceFormat, bytes: Uint8Array): void {
  const batch = new ObservationBatch()
  // In the midst of other bytes, so that reading past the end would show.
  const around = Uint8Array.from([...bytesOf('9"}\n'), ...bytes, ...bytesOf('9"}\t7\n')])
  const parser = format.open({ path: 'log.json', clock: utcClock, mtime_ms: Number.NaN })
  parser.parse(around, 4, 4 + bytes.length, 0, batch)
  parser.finish?.(batch, false)
  const rejected = [...batch.rejected.values()].reduce((a, b) => a + b, 0)
  // what is a record of the other formats, their own tests know
  if (/^zeek_|^neutral$/.test(format.id)) expect(batch.records_read).toBe(recordsIn(bytes, format))
  expect(recordsAccepted(batch) + rejected).toBe(batch.records_read)
  for (let row = 0; row < batch.flow.length; row++) {
    expect(batch.flow.data.end_ms[row]).toBeGreaterThanOrEqual(batch.flow.data.start_ms[row])
    expect(batch.flow.data.sampling[row]).toBeGreaterThan(0)
  }
}

describe.each(sourceFormats.map((format) => [format.id, format] as const))('%s', (_id, format) => {
  test('survives damaged logs of its own and of others', () => {
    fc.assert(
      fc.property(damaged, (bytes) => check(format, bytes)),
      { numRuns: 400 },
    )
  })

  test('survives noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => check(format, bytes)),
      { numRuns: 200 },
    )
  })
})

test('recognising survives them too', () => {
  const context = { path: 'conn.log', clock: utcClock, mtime_ms: Number.NaN }
  fc.assert(
    fc.property(damaged, (bytes) => void recogniseFormat(bytes, context)),
    { numRuns: 500 },
  )
  for (const log of logs) {
    for (let cut = 0; cut <= log.length; cut += 7) recogniseFormat(log.subarray(0, cut), context)
    expect(recogniseFormat(log, context).format).toBeDefined()
  }
})
