/** The campaigns that are placed: those that were given, or one of the two grids. */
import { type CampaignSpec, fullGrid, parseCampaigns, quickGrid, specText } from '../../prove/spec.ts'

export { type CampaignSpec, parseCampaigns, specText }

/** Each once, in the order in which they were given. */
export function campaignsOf(lines: readonly string[], isFull: boolean): CampaignSpec[] {
  const chosen = lines.length > 0 ? lines : isFull ? fullGrid : [quickGrid]
  return [...new Map(chosen.flatMap(parseCampaigns).map((spec) => [specText(spec), spec])).values()]
}
