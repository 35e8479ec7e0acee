/**
 * The cubes of the postings in the temporary table `classed`: for every dimension a row per tick, entity and class,
 * the unknown entity (0) included, so that each dimension adds up to the site. `peers` counts distinct peers exactly,
 * by grouping on them first. A dimension with a single value in the span is the site's rows under that value.
 */
import { ticksPerDay } from '../../model/window.ts'
import type { LedgerTables } from './schema.ts'
import type { Session } from './session.ts'
import { sumList } from './sums.ts'

/** Where a dimension's value stands, if not in a column of `classed` itself. */
const fromAddress = ['host', 'role']

export async function writeCubes(
  session: Session,
  { cubeDimensions, cubeSums, labelTable }: LedgerTables,
): Promise<void> {
  const columnOf = (dimension: string): string => {
    if (fromAddress.includes(dimension)) return `a.${dimension}`
    return dimension in labelTable ? `l.${dimension}` : `c.${dimension}`
  }
  const dimensions = cubeDimensions.filter((dimension) => dimension !== 'site')
  const joins = 'FROM classed c JOIN labels l ON l.id = c.label JOIN addresses a ON a.id = c.inside'
  const bounds = dimensions.map(
    (name) => `min(${columnOf(name)}) AS low_${name}, max(${columnOf(name)}) AS high_${name}`,
  )
  const found = await session.one(`SELECT ${bounds.join(', ')} ${joins}`)
  await session.run(`CREATE TEMP TABLE site_cube AS ${cubeSelect('0', 'FROM classed c', cubeSums)}`)
  for (const [code, dimension] of cubeDimensions.entries()) {
    const low = dimension === 'site' ? 0 : found[`low_${dimension}`]
    const single = dimension === 'site' || low === found[`high_${dimension}`]
    if (single) {
      await session.run(
        `INSERT INTO cubes SELECT ${code}, tick, ${Number(low ?? 0)}, peer_class, ${cubeSums.join(', ')}, peers FROM site_cube`,
      )
    } else {
      const from = fromAddress.includes(dimension)
        ? 'FROM classed c JOIN addresses a ON a.id = c.inside'
        : dimension in labelTable
          ? 'FROM classed c JOIN labels l ON l.id = c.label'
          : 'FROM classed c'
      await session.run(`INSERT INTO cubes SELECT ${code}, tick, entity, peer_class, ${cubeSums.join(', ')}, peers
        FROM (${cubeSelect(columnOf(dimension), from, cubeSums)}) s`)
    }
  }
  await session.run('DROP TABLE site_cube')
}

/** The given days (a query of them) summed up from their ticks, whatever was there before. */
export async function writeCubeDays(
  session: Session,
  { cubeSums }: LedgerTables,
  days: string,
  span: string,
): Promise<void> {
  await session.run(`DELETE FROM cube_days WHERE day IN (${days})`)
  await session.run(`INSERT INTO cube_days SELECT dimension, day, entity, peer_class, ${sumList(cubeSums)}
    FROM (SELECT *, tick // ${ticksPerDay} AS day FROM cubes WHERE ${span}) c
    WHERE day IN (${days}) GROUP BY dimension, day, entity, peer_class ORDER BY dimension, day`)
}

function cubeSelect(entity: string, from: string, sums: readonly string[]): string {
  const inner = sums.map((name) => `sum(c.${name}) AS ${name}`).join(', ')
  const outer = sums.map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`).join(', ')
  return `SELECT tick, entity, peer_class, ${outer}, count(*) AS peers FROM (
      SELECT c.tick AS tick, CAST(${entity} AS INTEGER) AS entity, c.peer_class AS peer_class, c.peer_no AS peer_no, ${inner} ${from}
      GROUP BY ALL
    ) g GROUP BY tick, entity, peer_class`
}
