import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { interruptSessions, Session } from './session.ts'

test('whoever is interrupted in the middle of a long read is told so', async () => {
  const session = await Session.open({
    path: ':memory:',
    memory_limit_mb: 256,
    threads: 1,
    temp_directory: tmpdir(),
  })
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
