/**
 * What is known of the files that were read, for `doctor`: in `source_counts` the records that each file brought to the
 * books, ever, by kind and sensor; in `source_reads` and `source_rejects` how its last reading went, so that reading a
 * file again tomorrow does not count its bad records twice.
 */
import type { ColumnTable } from '../../model/observation.ts'
import type { Accepted, ReadTally } from '../store.ts'
import type { Session } from './session.ts'

export const sourceTallyTables = [
  `CREATE TABLE source_counts (source INTEGER NOT NULL, observation VARCHAR NOT NULL, sensor INTEGER NOT NULL,
    records BIGINT NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL)`,
  `CREATE TABLE source_reads (source INTEGER NOT NULL, run INTEGER NOT NULL, format VARCHAR NOT NULL,
    records_read BIGINT NOT NULL, duplicates BIGINT NOT NULL, damage VARCHAR NOT NULL)`,
  `CREATE TABLE source_rejects (source INTEGER NOT NULL, reason VARCHAR NOT NULL, records BIGINT NOT NULL,
    "offset" BIGINT NOT NULL, sample VARCHAR NOT NULL)`,
]

const sourcesPerStatement = 500

/** Adds the rows of `fresh` to the counts of their sources. Inside the transaction that accepts them. */
export async function keepCounts(session: Session, observation: string, table: ColumnTable): Promise<void> {
  const last = 'end_ms' in table ? 'greatest(start_ms, end_ms)' : 'start_ms'
  const same = 't.source = c.source AND t.observation = c.observation AND t.sensor = c.sensor'
  await session.run(`CREATE TEMP TABLE counted AS SELECT source, '${observation}' AS observation,
      ${'sensor' in table ? 'sensor' : '0'} AS sensor, count(DISTINCT "offset") AS records,
      min(start_ms) AS first_ms, max(${last}) AS last_ms FROM fresh GROUP BY source, sensor`)
  await session.run(`UPDATE source_counts t SET records = t.records + c.records,
      first_ms = least(t.first_ms, c.first_ms), last_ms = greatest(t.last_ms, c.last_ms) FROM counted c WHERE ${same}`)
  await session.run(
    `INSERT INTO source_counts SELECT * FROM counted c WHERE NOT EXISTS (SELECT 1 FROM source_counts t WHERE ${same})`,
  )
  await session.run('DROP TABLE counted')
}

/** Writes down how reading went since the last acceptance; what an earlier run said of the same file goes. */
export async function keepReads(
  session: Session,
  run: number,
  tallies: readonly ReadTally[],
  accepted: ReadonlyMap<number, Accepted>,
): Promise<void> {
  for (let first = 0; first < tallies.length; first += sourcesPerStatement)
    await keepPart(session, run, tallies.slice(first, first + sourcesPerStatement), accepted)
}

async function keepPart(
  session: Session,
  run: number,
  tallies: readonly ReadTally[],
  accepted: ReadonlyMap<number, Accepted>,
): Promise<void> {
  const before = `SELECT source FROM source_reads WHERE run < ${run} AND source IN (${tallies.map(({ source }) => source).join(',')})`
  await session.run(`DELETE FROM source_rejects WHERE source IN (${before})`)
  await session.run(`DELETE FROM source_reads WHERE source IN (${before})`)

  const reads = tallies.map(
    ({ source, records_read }) => `(${source}, ?, ${records_read}, ${accepted.get(source)?.duplicates ?? 0}, ?)`,
  )
  const v = `(VALUES ${reads.join(',')}) v(source, format, records_read, duplicates, damage)`
  const texts = tallies.flatMap(({ format, damage }) => [format, damage])
  await session.rows(
    `UPDATE source_reads t SET format = v.format, records_read = t.records_read + v.records_read,
      duplicates = t.duplicates + v.duplicates, damage = v.damage FROM ${v} WHERE t.source = v.source`,
    texts,
  )
  await session.rows(
    `INSERT INTO source_reads SELECT source, ${run}, format, records_read, duplicates, damage FROM ${v}
      WHERE source NOT IN (SELECT source FROM source_reads)`,
    texts,
  )

  const rejects = tallies.flatMap(({ source, rejected, examples }) =>
    [...rejected].map(([reason, records]) => {
      const example = examples.find((candidate) => candidate.reason === reason)
      return { row: `(${source}, ?, ${records}, ${example?.offset ?? -1}, ?)`, texts: [reason, example?.sample ?? ''] }
    }),
  )
  if (rejects.length === 0) return
  const r = `(VALUES ${rejects.map(({ row }) => row).join(',')}) r(source, reason, records, "offset", sample)`
  const rejectTexts = rejects.flatMap((reject) => reject.texts)
  const same = 't.source = r.source AND t.reason = r.reason'
  await session.rows(`UPDATE source_rejects t SET records = t.records + r.records FROM ${r} WHERE ${same}`, rejectTexts)
  await session.rows(
    `INSERT INTO source_rejects SELECT * FROM ${r} WHERE NOT EXISTS (SELECT 1 FROM source_rejects t WHERE ${same})`,
    rejectTexts,
  )
}
