/** Where much more must leave before it is seen than at an earlier proof. */
import { type SightFloor, type SightProof, shapeOf } from './sight.ts'

export interface WorseFloor {
  vault: string | null
  path: string | null
  gb_per_day_before: number
  /** Null: nothing that was tried was found. */
  gb_per_day: number | null
}

/** More than one step of the sizes that are tried, so that luck at one step is no alarm. */
const factor = 3

/** The worst first. Proofs of other campaigns are not compared; what was found nowhere before cannot get worse. */
export function worseFloors(last: SightProof, reference: SightProof): WorseFloor[] {
  if (shapeOf(last) !== shapeOf(reference)) return []
  const before = new Map(reference.floors.map((floor) => [nameOf(floor), floor.gb_per_day]))
  return last.floors
    .flatMap((floor) => {
      const gb_per_day_before = before.get(nameOf(floor)) ?? null
      if (gb_per_day_before === null) return []
      const { vault, path, gb_per_day } = floor
      const times = (gb_per_day ?? beyondAll(last)) / gb_per_day_before
      return times > factor ? [{ times, worse: { vault, path, gb_per_day_before, gb_per_day } }] : []
    })
    .sort((a, b) => b.times - a.times)
    .map(({ worse }) => worse)
}

/** A step beyond the largest size that was tried. */
function beyondAll({ shares_tried, bytes_out_per_day }: SightProof): number {
  return (2 * Math.max(...shares_tried) * bytes_out_per_day) / 1e9
}

const nameOf = ({ vault, path }: SightFloor): string => JSON.stringify([vault, path])
