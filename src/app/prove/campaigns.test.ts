import { expect, test } from 'vitest'
import { ticksPerDay } from '../../model/window.ts'
import { Background } from '../../prove/background.ts'
import { buildArrivals } from '../../testing/arrivals-builder.ts'
import { campaignsByVault, campaignsOf, specText } from './campaigns.ts'

test('what is given twice is placed once, in the order given', () => {
  const specs = campaignsOf(['hosts=2/1,share=0.01', 'hosts=1,share=1%'], false)
  expect(specs.map(({ hosts }) => hosts)).toEqual([2, 1])
})

test('each vault and each way out has its own, with no more hosts than serve it', async () => {
  const store = buildArrivals({ days: 3, hosts: 4, vault: 'a,b=c/d' })
  const days = [...(await store.arrivalDays()).keys()]
  const background = new Background(days)
  for (const day of days)
    for await (const chunk of store.readArrivals(day * ticksPerDay, (day + 1) * ticksPerDay)) background.add(day, chunk)
  await background.learnNames((ids) => store.nameTexts(ids))
  const specs = campaignsByVault(background)
  const kinds = new Set(specs.map(({ vault, role, hosts }) => `${vault} ${role} ${hosts}`))
  expect([...kinds]).toEqual(['a,b=c/d undefined 2', 'undefined dtn 3'])
  expect(new Set(specs.map(specText)).size).toBe(specs.length)
})
