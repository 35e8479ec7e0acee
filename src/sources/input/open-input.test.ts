import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needEngine } from '../../testing/needs.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'
import type { InputEnd } from './pieces.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-open-input-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** About 600 kB of lines that compress, but not away. */
const text = Buffer.from(
  Array.from(
    { length: 10_000 },
    (_, i) => `line ${i} ${((i * 2_654_435_761) % 2 ** 32).toString(36)} ${'abc'.repeat(i % 20)}\n`,
  ).join(''),
)

/** Short enough for a failure message, and quick to compare. */
const digest = (bytes: Uint8Array) => `${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex')}`

interface Content {
  compression: string
  head: Buffer
  bytes: Buffer
  content: string
  end: InputEnd | undefined
  consumed_bytes: number
  size_bytes: number
}

async function read(stored: Uint8Array, options?: OpenInputOptions): Promise<Content> {
  const path = join(folder, 'any-name.txt')
  writeFileSync(path, stored)
  const input = await openInput(path, options)
  const chunks: Buffer[] = []
  for await (const chunk of input.chunks()) chunks.push(Buffer.from(chunk))
  const { compression, consumed_bytes, size_bytes, end } = input
  const bytes = Buffer.concat(chunks)
  return { compression, head: Buffer.from(input.head), bytes, content: digest(bytes), end, consumed_bytes, size_bytes }
}

const isBeginning = (bytes: Buffer) => bytes.equals(text.subarray(0, bytes.length))

const complete = { state: 'complete', reason: '' }

describe('a plain file', () => {
  test('comes as it is, with its head and its size', async () => {
    const { head, bytes, ...rest } = await read(text, { head_bytes: 1000 })
    expect(rest).toEqual({
      compression: 'none',
      content: digest(text),
      end: complete,
      consumed_bytes: text.length,
      size_bytes: text.length,
    })
    expect(head.length).toBeGreaterThanOrEqual(1000)
    expect(text.subarray(0, head.length).equals(head)).toBe(true)
  })

  test('may be shorter than a magic number', async () => {
    for (const stored of ['', 'a', 'abc', '\x1f']) {
      expect(await read(Buffer.from(stored))).toMatchObject({
        compression: 'none',
        content: digest(Buffer.from(stored)),
        end: complete,
      })
    }
  })

  test('that is none gives the error of the system', async () => {
    await expect(openInput(join(folder, 'missing.log'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(openInput(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  test('can be left after its head', async () => {
    const path = join(folder, 'left.gz')
    writeFileSync(path, gzipSync(text))
    const input = await openInput(path, { head_bytes: 10 })
    await input.close()
    await input.close()
    for await (const _ of (await openInput(path)).chunks()) break
  })
})

describe('gzip', () => {
  test('is told by its content and read whole', async () => {
    const stored = gzipSync(text)
    expect(await read(stored)).toMatchObject({
      compression: 'gzip',
      content: digest(text),
      end: complete,
      consumed_bytes: stored.length,
    })
    expect(await read(gzipSync(''))).toMatchObject({ content: digest(Buffer.alloc(0)), end: complete })
  })

  test('may have several members, and zeros after them', async () => {
    const members = Buffer.concat([
      gzipSync(text),
      gzipSync('middle\n'),
      gzipSync(''),
      gzipSync(text),
      Buffer.alloc(512),
    ])
    expect(await read(members)).toMatchObject({
      content: digest(Buffer.concat([text, Buffer.from('middle\n'), text])),
      end: complete,
    })
  })

  test('that stops early gives everything before that', async () => {
    const stored = gzipSync(text)
    for (const cut of [5, 20, 1000, stored.length >> 1, stored.length - 8, stored.length - 1]) {
      const { bytes, end } = await read(stored.subarray(0, cut))
      expect(end?.state, String(cut)).toBe('truncated')
      expect(isBeginning(bytes)).toBe(true)
      // A deflate block holds its text until its code tables are complete; from then on hardly anything is held back.
      if (cut > 10_000) expect(bytes.length / text.length).toBeGreaterThan((cut / stored.length) * 0.9)
    }
  })

  test('that is damaged gives everything before the damage', async () => {
    const stored = gzipSync(text)
    for (const at of [stored.length >> 1, stored.length - 100]) {
      const damaged = Buffer.from(stored)
      damaged.fill(0xff, at, at + 40)
      const { bytes, end } = await read(damaged)
      expect(end?.state, String(at)).toBe('corrupt')
      let same = 0
      while (same < bytes.length && bytes[same] === text[same]) same++
      expect(same / text.length).toBeGreaterThan((at / stored.length) * 0.9)
    }
  })

  test('whose checksum is wrong, or that is followed by something else, gives all its text', async () => {
    const stored = gzipSync(text)
    const wrong = Buffer.from(stored)
    wrong[stored.length - 6] ^= 1
    for (const damaged of [wrong, Buffer.concat([stored, Buffer.from('trailing garbage')])]) {
      const { bytes, end } = await read(damaged)
      expect(bytes.equals(text)).toBe(true)
      expect(end?.state).toBe('corrupt')
      expect(end?.reason).toMatch(/^gzip: /)
    }
  })
})

/** zstd frames made by hand, RFC 8878: one raw or run-length block each, no checksum. */
function frameOf(content: Uint8Array): Buffer {
  const header = Buffer.alloc(5 + 4 + 3)
  header.writeUInt32LE(0xfd2fb528, 0)
  header[4] = 0xa0
  header.writeUInt32LE(content.length, 5)
  header.writeUIntLE((content.length << 3) | 1, 9, 3)
  return Buffer.concat([header, content])
}
const blocks = Array.from({ length: Math.ceil(text.length / 60_000) }, (_, i) =>
  text.subarray(i * 60_000, (i + 1) * 60_000),
)
const frames = Buffer.concat(blocks.map(frameOf))

describe.each([
  ['by the zstd program', 'zstd'],
  ['without it', 'there-is-no-such-program'],
])('zstd %s', (_name, zstd_command) => {
  const options = { zstd_command }
  const check = (context: { skip(note?: string): never }) => zstd_command === 'zstd' && needEngine(context, 'zstd')

  test('is read whole, several frames and skippable ones too', async (context) => {
    check(context)
    const skippable = Buffer.from('512a4d1803000000aabbcc', 'hex')
    expect(await read(frames, options)).toMatchObject({
      compression: 'zstd',
      content: digest(text),
      end: complete,
      consumed_bytes: frames.length,
    })
    expect(await read(Buffer.concat([skippable, frames, skippable]), options)).toMatchObject({
      content: digest(text),
      end: complete,
    })
    expect(await read(frameOf(Buffer.alloc(0)), options)).toMatchObject({
      content: digest(Buffer.alloc(0)),
      end: complete,
    })
  })

  test('can be left after its head', async (context) => {
    check(context)
    const path = join(folder, 'left.zst')
    writeFileSync(path, Buffer.concat(Array(50).fill(frames)))
    await (await openInput(path, options)).close()
    for await (const _ of (await openInput(path, options)).chunks()) break
  })

  test('that stops early gives every block before that', async (context) => {
    check(context)
    const { bytes, end } = await read(frames.subarray(0, frames.length - 10), options)
    expect(end).toEqual({ state: 'truncated', reason: expect.stringMatching(/^zstd: \w/) })
    expect(isBeginning(bytes)).toBe(true)
    expect(bytes.length).toBeGreaterThanOrEqual(60_000 * (blocks.length - 1))
  })

  test('that is damaged gives every block before the damage', async (context) => {
    check(context)
    const damaged = Buffer.from(frames)
    const lastFrame = frames.length - frameOf(blocks.at(-1) as Buffer).length
    damaged[lastFrame + 9] |= 6
    const { bytes, end } = await read(damaged, options)
    expect(end).toEqual({ state: 'corrupt', reason: expect.stringMatching(/^zstd: \w/) })
    expect(isBeginning(bytes)).toBe(true)
    expect(bytes.length).toBe(60_000 * (blocks.length - 1))
  })

  test('that is followed by something else gives all its text', async (context) => {
    check(context)
    const { bytes, end } = await read(Buffer.concat([frames, Buffer.from('something else entirely')]), options)
    expect(bytes.equals(text)).toBe(true)
    expect(end?.state).toBe('corrupt')
  })

  test('that asks for a huge window is refused before memory is taken', async (context) => {
    check(context)
    const huge = Buffer.concat([Buffer.from('28b52ffd00a8', 'hex'), Buffer.alloc(200)])
    const { bytes, end } = await read(huge, options)
    expect([bytes.length, end?.state]).toEqual([0, 'corrupt'])
  })

  test('as the program writes it, cut anywhere', async (context) => {
    needEngine(context, 'zstd')
    const stored = execFileSync('zstd', ['-qc', '-19'], { input: text, maxBuffer: 1e8 })
    expect(await read(stored, options)).toMatchObject({ content: digest(text), end: complete })
    for (let cut = 5; cut < stored.length; cut += Math.ceil(stored.length / 15)) {
      const { bytes, end } = await read(stored.subarray(0, cut), options)
      expect(end?.state, String(cut)).toBe('truncated')
      expect(isBeginning(bytes)).toBe(true)
    }
  })
})
