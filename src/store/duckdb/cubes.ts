/**
 * The cubes of the postings in the temporary table `classed`: for every dimension a row per tick, entity and class,
 * the unknown entity (0) included, so that each dimension adds up to the site. `peers` counts distinct peers exactly,
 * by grouping on them first.
 */
export function cubeStatements(dimensions: readonly string[], sums: readonly string[]): string[] {
  return dimensions.map((dimension, code) => {
    const entity = dimension === 'site' ? '0' : dimension
    const inner = sums.map((name) => `sum(${name}) AS ${name}`).join(', ')
    const outer = sums.map((name) => `CAST(sum(${name}) AS BIGINT) AS ${name}`).join(', ')
    return `INSERT INTO cubes SELECT ${code}, tick, CAST(entity AS INTEGER), CAST(peer_class AS UTINYINT), ${outer}, count(*)
      FROM (
        SELECT tick, ${entity} AS entity, peer_class, peer_hi, peer_lo, ${inner} FROM classed
        GROUP BY tick, entity, peer_class, peer_hi, peer_lo
      ) c GROUP BY tick, entity, peer_class ORDER BY tick`
  })
}
