/**
 * Signatures, tokens and query strings in logs: a run over logs that are full of them, whole, malformed, overlong and cut
 * off, keeps none, neither in its answers nor anywhere in its state.
 */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Analyzed, analysisBy, Folder, runWeir } from './support/weir.ts'

const folder = new Folder()
afterAll(() => folder.remove())

const secret = '5ec2e7aa'
const query = `?X-Amz-Signature=${secret}&token=${secret}`
const time = '24/Aug/2026:05:13:01 +0000'
const event = (name: string) =>
  `{"eventVersion":"1.11","eventTime":"2026-08-24T05:13:01Z","eventSource":"s3.amazonaws.com","eventName":"${name}",` +
  `"sourceIPAddress":"203.0.113.9","requestParameters":{"bucketName":"cfd","key":"kept-name","X-Amz-Signature":"${secret}"},` +
  `"responseElements":{"credentials":{"sessionToken":"${secret}"}},"additionalEventData":{"bytesTransferredOut":7}}`
const logs: Record<string, string[]> = {
  s3: [
    `o cfd [${time}] 203.0.113.9 - R1 REST.GET.OBJECT kept-name "GET /a${query} HTTP/1.1" 200 - 7 7 1 1 "http://x/${query}" "-" -`,
    `o cfd [${time}] 203.0.113.9 - R1 REST.GET.OBJECT k "GET /a${query}`,
  ],
  http: [
    `203.0.113.9 - alice [${time}] "GET /kept-name${query} HTTP/1.1" 200 7 "http://x/${query}" "-"`,
    `203.0.113.9 - - [${time}] "POST /a${query} HTTP/1.1" 200 7`,
    `client - - [${time}] "GET /a${query} HTTP/1.1" 200 7`,
    `1 - - "GET /a${query}`,
  ],
  minio: [
    `{"version":"1","deploymentid":"d","time":"2026-08-24T05:13:01Z","requestHeader":{"Authorization":"${secret}"},` +
      `"api":{"name":"GetObject","bucket":"b","object":"kept-name","statusCode":200,"tx":7},"remotehost":"203.0.113.9"}`,
    `{"requestHeader":{"Authorization":"${secret}"}}`,
  ],
  rgw: ['get_obj', 'list_bucket'].map(
    (operation) =>
      `{"uri":"GET /photos/kept-name${query} HTTP/1.1","bucket":"photos","time":"2026-08-24T05:13:01Z","remote_addr":"203.0.113.9",` +
      `"operation":"${operation}","http_status":"200","bytes_sent":7,"trans_id":"t"},`,
  ),
  trail: [event('GetObject'), event('ListObjects'), `{"requestParameters":{"X-Amz-Signature":"${secret}"`],
  hub: [
    `[I 2026-08-24 05:13:01.000 JupyterHub log:192] 200 GET /hub/${query} (kept-name@203.0.113.9) 1.00ms`,
    `[I 2026-08-24 05:13:01.000 JupyterHub log:192] 200 GET /hub/${query} (@203.0.113.9) 1.00ms`,
    `      "Cookie": "jupyterhub-session-id=${secret}"`,
  ],
}

/** Every value of every table of a state, one a line. */
async function textOfState(directory: string): Promise<string> {
  const instance = await DuckDBInstance.create(join(directory, 'weir.duckdb'), { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    const tables = await connection.runAndReadAll('SELECT table_name FROM duckdb_tables()')
    const lines: string[] = []
    for (const [table] of tables.getRows()) {
      const rows = (await connection.runAndReadAll(`SELECT * FROM "${table}"`)).getRows()
      lines.push(...rows.map((row) => row.map((value) => String(value)).join('\t')))
    }
    return lines.join('\n')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

let json: Analyzed
let told: string
const state = folder.state()

beforeAll(async () => {
  for (const [name, lines] of Object.entries(logs)) {
    const overlong = `${lines[0].slice(0, lines[0].indexOf(secret) + 8)}${'x'.repeat(1 << 20)}`
    folder.file(`logs/${name}.log`, `${[...lines, overlong].join('\n')}\n`)
    // a file that breaks off in its last line, right after a secret
    const cut = gzipSync(`${lines[0]}\n${lines[0].slice(0, lines[0].indexOf(secret) + 8)}`, { level: 0 })
    folder.file(`logs/${name}-cut.log.gz`, cut.subarray(0, cut.length - 8))
  }
  folder.file(
    'logs/trail.json',
    `{"Records":[${event('GetObject')},${event('ListObjects')},{"X-Amz-Signature":"${secret}`,
  )
  const ran = await analysisBy([folder.at('logs'), '--state', state])
  json = ran.json
  const doctor = await runWeir(['doctor', '--state', state, '--json'])
  told = ran.stdout + ran.stderr + doctor.stdout + doctor.stderr
})

test('every file was read, and every kind of reject met', () => {
  const names = ['s3_access', 'http_access', 'minio_audit', 'ceph_rgw', 'cloudtrail', 'jupyterhub']
  expect([...new Set(json.sources.map(({ format }) => format))].sort()).toEqual(names.sort())
  const reasons = new Set(json.sources.flatMap(({ rejected }) => Object.keys(rejected)))
  for (const reason of ['malformed', 'stream_not_used', 'bad_address', 'line_too_long', 'truncated', 'missing_field'])
    expect(reasons).toContain(reason)
  for (const { records_read, accepted, duplicates, rejected } of json.sources)
    expect(accepted + duplicates + Object.values(rejected).reduce((a, b) => a + b, 0)).toBe(records_read)
})

test('names of what left are kept, secrets nowhere', async () => {
  const kept = await textOfState(state)
  expect(kept).toContain('kept-name')
  expect(kept).not.toContain(secret)
  expect(told).not.toContain(secret)
  expect(told.length).toBeGreaterThan(1000)
})
