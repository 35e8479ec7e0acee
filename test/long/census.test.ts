/** Many mixtures: the census says what the books say. A few of them are in every run of the tests (test/census.test.ts). */
import { test } from 'vitest'
import { censusSaysWhatTheBooksSay } from '../support/census-equals.ts'

const rounds = Number(process.env.WEIR_ROUNDS ?? 25)
/** Others by environment: this one is for comparing runs. */
const seed = Number(process.env.WEIR_SEED ?? 20_260_101)

test(`${rounds} mixtures of everything`, () => censusSaysWhatTheBooksSay({ rounds, seed }))
