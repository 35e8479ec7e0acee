import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { interruptSessions, Session } from './session.ts'

const options = { path: ':memory:', memory_limit_mb: 256, threads: 1, temp_directory: tmpdir() }

test('readers leave room, and writers have all of the memory again', async () => {
  const session = await Session.open(options)
  const limit = async () => (await session.one<{ mb: string }>("SELECT current_setting('memory_limit') AS mb")).mb
  try {
    const whole = await limit()
    await session.leaveRoom()
    expect(Number.parseFloat(await limit())).toBeCloseTo(Number.parseFloat(whole) / 2, 0)
    await session.transaction(async () => undefined)
    expect(await limit()).toBe(whole)
  } finally {
    session.close()
  }
})

test('what cannot be given back is no failure', async () => {
  const session = await Session.open({ ...options, temp_directory: '' })
  try {
    await session.run('CREATE TABLE held AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(9_000_000) r(i)')
    await expect(session.run("SET memory_limit = '128MB'")).rejects.toThrow('could not free up enough memory')
    await session.leaveRoom()
    expect(await session.one('SELECT count(*) AS n FROM held')).toEqual({ n: 9_000_000n })
  } finally {
    session.close()
  }
})

test('whoever is interrupted in the middle of a long read is told so', async () => {
  const session = await Session.open(options)
  try {
    const rows = session.read('SELECT CAST(i AS UINTEGER) AS i FROM range(100_000_000) r(i)', { i: 'u32' })
    expect((await rows.next()).done).toBe(false)
    interruptSessions()
    const read = async (): Promise<void> => {
      for await (const _ of rows);
    }
    await expect(read()).rejects.toMatchObject({ code: 'interrupted' })
    await expect(session.rows('SELECT 1')).rejects.toMatchObject({ code: 'interrupted' })
  } finally {
    session.close()
  }
})
