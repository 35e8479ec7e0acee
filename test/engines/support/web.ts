/** A web server that gives as many bytes as the path says and takes what it is given, and clients of it. */
import type { Stage } from './stage.ts'

export const webPort = 8080

const server = `require('node:http')
  .createServer((request, response) => {
    let taken = 0
    request.on('data', (piece) => (taken += piece.length))
    request.on('end', () => response.end(request.method === 'GET' ? Buffer.alloc(Number(request.url.slice(1)), 'x') : String(taken)))
  })
  .listen(${webPort}, '::')`

/** Ends well only if all bytes went through. */
const client = `
const [, , method, url, bytes] = process.argv
const given = method === 'POST' ? { body: Buffer.alloc(Number(bytes), 'x') } : {}
const response = await fetch(url, { method, headers: { connection: 'close' }, ...given })
const body = Buffer.from(await response.arrayBuffer())
const moved = method === 'POST' ? String(body) : String(body.length)
if (moved !== bytes) throw new Error(\`\${moved} of \${bytes} bytes\`)
`

export async function startWeb(stage: Stage, host: string): Promise<void> {
  stage.file('client.mjs', client)
  await stage.start(host, [process.execPath, '-e', server], stage.listening(host, webPort))
}

/** Takes `bytes` from the server at `address`, in one connection. */
export async function take(stage: Stage, from: string, address: string, bytes: number): Promise<void> {
  await stage.run(from, [process.execPath, `${stage.folder}/client.mjs`, 'GET', urlOf(address, bytes), String(bytes)])
}

/** A command that gives `bytes` to the server at `address`, in one connection. */
export function giving(stage: Stage, address: string, bytes: number): string {
  return `'${process.execPath}' ${stage.folder}/client.mjs POST '${urlOf(address, bytes)}' ${bytes}`
}

function urlOf(address: string, bytes: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${webPort}/${bytes}`
}
