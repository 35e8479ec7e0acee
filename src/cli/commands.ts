/** All commands with their options and an example each; what they do is in a file of its own. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { version } from '../app/version.ts'
import { defaultState } from './default-state.ts'

interface CommandFile {
  run(args: string[], options: Record<string, unknown>): Promise<void>
}

export function registerCommands(program: Command): void {
  program.version(version, '-V, --version', 'print the version')

  common(program.command('analyze'), 'weir analyze /data/zeek --config weir.yaml --state ./weir-state')
    .description('read logs, extend the books of a state, and tell what left')
    .argument('<path...>', 'log files and directories: recursively, .gz and .zst, format by content')
    .option(
      '--config <file>',
      'configuration (default: ./weir.yaml, else weir.yaml in the one directory given, else inside = private networks)',
    )
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--json <file>', "write the analysis as JSON; '-' is standard output")
    .option('--report <dir>', 'write summary.txt and analysis.json into this directory')
    .option('--assume-year <year>', 'year of times that state none', parseYear)
    .option('--no-progress', 'no progress on standard error')
    .action(lazily(() => import('./analyze.ts')))

  common(program.command('census'), 'weir census /data/zeek --config weir.yaml --html census.html')
    .description('day one: what archived logs alone can tell; one pass, no state, nothing kept')
    .argument('<path...>', 'log files and directories: recursively, .gz and .zst, format by content')
    .option(
      '--config <file>',
      'configuration (default: ./weir.yaml, else weir.yaml in the one directory given, else inside = private networks)',
    )
    .option('--json <file>', "write the census as JSON; '-' is standard output")
    .option('--html <file>', "write the census as one page of HTML; '-' is standard output")
    .option('--assume-year <year>', 'year of times that state none', parseYear)
    .option('--no-progress', 'no progress on standard error')
    .action(lazily(() => import('./census.ts')))

  common(program.command('ledger'), 'weir ledger --by host,peer --where peer_class=novel --from 2026-01-01 --top 20')
    .description('sum the books by any columns')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--by <columns>', 'columns to sum by, separated by commas', 'day')
    .option('--where <column=value>', 'condition; may be given again', collect, [])
    .option('--from <time>', 'from this window on: a date or an ISO 8601 time')
    .option('--to <time>', 'before this window')
    .option('--known-at <time>', 'the books as they were known then, within the detail that is kept')
    .option('--top <n>', 'only so many rows, the most bytes out first')
    .addOption(new Option('--json [file]', 'as JSON, to a file or standard output').conflicts(['csv', 'parquet']))
    .addOption(new Option('--csv [file]', 'as CSV, to a file or standard output').conflicts(['json', 'parquet']))
    .addOption(new Option('--parquet <file>', 'as a Parquet file').conflicts(['json', 'csv']))
    .action(lazily(() => import('./ledger.ts')))

  common(program.command('incidents'), 'weir incidents --state ./weir-state')
    .description('what was found, until when it was judged, and with what sight')
    .option('--config <file>', 'configuration (default: ./weir.yaml)')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--json [file]', 'as JSON, to a file or standard output')
    .action(lazily(() => import('./incidents.ts')))

  common(program.command('incident'), 'weir incident INC-2026-03-24-377a --html incident.html')
    .description(
      'tell one incident: what left, by whom, how sure, what else it may be, and where each number comes from',
    )
    .argument('<id>', 'one of weir incidents')
    .option('--config <file>', 'configuration (default: ./weir.yaml)')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--json [file]', 'as JSON, to a file or standard output')
    .option('--markdown [file]', 'as Markdown, to a file or standard output')
    .option('--html <file>', "as one page of HTML with the score; '-' is standard output")
    .action(lazily(() => import('./incident.ts')))

  common(program.command('worklist'), 'weir worklist --json')
    .description('where to look when there is time: ranked by week, without a claim about errors')
    .option('--config <file>', 'configuration (default: ./weir.yaml)')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--json [file]', 'as JSON, to a file or standard output')
    .action(lazily(() => import('./worklist.ts')))

  common(
    program.command('verdict'),
    "weir verdict INC-2026-03-24-377a --harmless --reason 'mirror of EXP-7, asked its owner' --owner rk",
  )
    .description(
      'judge an incident: new data with a reason, an owner and perhaps an end; it holds for the past as well',
    )
    .argument('<id>', 'one of weir incidents')
    .option('--theft', 'it is one')
    .option('--harmless', 'it is none')
    .requiredOption('--reason <text>', 'what was found out, for those who read it later')
    .requiredOption('--owner <name>', 'who says so')
    .option('--expires <date>', 'it holds until this day begins, UTC (default: until it is withdrawn)')
    .option('--config <file>', 'configuration (default: ./weir.yaml, else the file of the last run)')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .action(lazily(() => import('./verdict.ts')))

  common(program.command('init'), 'weir init /data/zeek > weir.yaml')
    .description('read a sample of logs and propose a weir.yaml')
    .argument('<path...>', 'log files and directories')
    .option('--out <file>', 'write there instead of standard output; never overwrites')
    .action(lazily(() => import('./init.ts')))

  common(program.command('doctor'), 'weir doctor --state ./weir-state')
    .description('what Weir sees and does not see: sources, joins, blind spots, and whether the books balance')
    .option('--config <file>', 'configuration (default: ./weir.yaml, else what the last run used)')
    .option('--state <dir>', 'where the books are kept', defaultState)
    .option('--json [file]', 'as JSON, to a file or standard output')
    .action(lazily(() => import('./doctor.ts')))

  common(program.command('demo'), 'weir demo --seed 2')
    .description('a small simulated centre with a hidden theft, analysed and told beside the truth, in about a minute')
    .option('--seed <n>', 'whole number from which the centre is drawn', wholeNumber(0, 4_294_967_295), 1)
    .option('--no-serve', 'ends with the report; there is no console yet, so it always does')
    .option('--keep <dir>', 'a new directory for logs, books, truth and report (default: a report in ./weir-demo)')
    .action(lazily(() => import('./demo.ts')))

  common(
    program.command('prove'),
    'weir prove --state ./weir-state --campaign hosts=30,share=0.003/0.01 --html proof.html',
  )
    .description('place thefts that never were in your own background, and count which of them are found, how soon')
    .argument('[path...]', 'logs, analysed into a state that is not kept (default, without --state: simulated centres)')
    .option(
      '--config <file>',
      'configuration (default: ./weir.yaml, else weir.yaml in the one directory given, else inside = private networks)',
    )
    .option('--state <dir>', 'the background is this state, which is only read (with --sight: default ./weir-state)')
    .option(
      '--sight',
      'every night: must the campaign be found that ends where the books end? What is found is kept in the state for doctor',
    )
    .option(
      '--campaign <spec>',
      'such as hosts=30,peers=100,share=0.01/0.05,days=30; may be given again (default: 12 small ones)',
      collect,
      [],
    )
    .option('--full', 'the large grid, 60 placements of each: takes days')
    .option('--worlds <n>', 'placements of each campaign (default: 3, with --full 60)', wholeNumber(1, 10_000))
    .addOption(
      new Option('--merge', 'the paths are results written with --json: adds them up, and measures nothing').conflicts([
        'config',
        'state',
        'campaign',
        'full',
        'worlds',
        'seed',
        'workers',
      ]),
    )
    .option('--seed <n>', 'whole number from which everything is drawn', wholeNumber(0, 4_294_967_295), 1)
    .option(
      '--workers <n>',
      'simulated centres judged at the same time (default: as cores and memory allow)',
      wholeNumber(1, 256),
    )
    .option('--json <file>', "write all of it as JSON; '-' is standard output")
    .option('--html <file>', "write it as one page of HTML with the curves; '-' is standard output")
    .option('--no-progress', 'no progress on standard error')
    .action(lazily(() => import('./prove.ts')))

  common(program.command('bench'), 'weir bench detect --size small')
    .description('what reading, detection and questions cost on this machine, beside baselines of the same run')
    .argument(
      '[what]',
      'ingest: a log, from its bytes to books closed and judged; detect: ticks of a large site, all days judged again, and whether ' +
        'evidence is the same to the last bit; query: questions to the books',
    )
    .addOption(new Option('--size <size>', 'seconds, or many minutes').choices(['small', 'full']).default('small'))
    .option('--rows <n>', 'connections of the log instead (ingest, query)', wholeNumber(1_000, 100_000_000))
    .option('--entities <n>', 'pairs of host and peer instead (detect)', wholeNumber(100, 1_000_000))
    .option('--days <n>', 'days instead: of the log; of history and judged again', wholeNumber(1, 2_000))
    .option('--repeat <n>', 'measurements of each, of which medians are told', wholeNumber(1, 100))
    .option('--seed <n>', 'whole number from which the days are drawn', wholeNumber(0, 4_294_967_295), 1)
    .option('--json <file>', "write all of it as JSON; '-' is standard output")
    .option('--no-progress', 'no progress on standard error')
    .action(lazily(() => import('./bench.ts')))

  const config = program.command('config').description('check a configuration, or print its schema')
  common(config.command('check'), 'weir config check weir.yaml')
    .description('every problem of a configuration, with file, line and what was expected')
    .argument('<file>', 'a weir.yaml')
    .action(lazily(() => import('./config-check.ts')))
  common(config.command('schema'), 'weir config schema > weir.schema.json')
    .description('the JSON Schema of weir.yaml, for editors')
    .action(lazily(() => import('./config-schema.ts')))

  const range = program.command('range').description('a simulated centre: scenarios, and their logs with the truth')
  common(range.command('list'), 'weir range list')
    .description('every scenario: who, how slowly, what for, and its harmless twin')
    .action(lazily(() => import('./range-list.ts')))
  common(range.command('generate'), 'weir range generate --scenario thin --out ./thin --seed 7')
    .description('write logs/, weir.yaml, accounts.csv and truth.json; equal arguments give equal files')
    .requiredOption('--scenario <name>', 'one of weir range list')
    .requiredOption('--out <dir>', 'a new directory')
    .option('--seed <n>', 'whole number from which everything is drawn', wholeNumber(0, 4_294_967_295), 1)
    .option('--scale <s>', 'size of the centre: 1 has 5,000 accounts and sends 160 TB a day', number(0.001, 10), 0.05)
    .option('--days <n>', "length (default: the scenario's own)", wholeNumber(1, 360))
    .option('--declared <share>', 'share of collaborations that weir.yaml expects', number(0, 1), 1)
    .option('--mutate <names>', 'what is done to the logs, comma-separated: see docs/reference/range.md')
    .action(lazily(() => import('./range-generate.ts')))
}

function common(command: Command, example: string): Command {
  return command
    .option('-q, --quiet', 'errors only, and what other options ask for: no progress, no summary')
    .addOption(
      new Option('--log-level <level>', 'what is told on standard error')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
    .addOption(
      new Option('--log-format <format>', 'form of messages on standard error')
        .choices(['json', 'pretty'])
        .default('pretty'),
    )
    .addHelpText('after', `\nExample:\n  ${example}`)
}

function lazily(load: () => Promise<CommandFile>): (...values: unknown[]) => Promise<void> {
  return async (...values) => {
    const command = values.at(-1) as Command
    const { run } = await load()
    await run(command.args, command.opts())
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value]
}

function parseYear(value: string): number {
  const year = Number(value)
  if (!Number.isInteger(year) || year < 1990 || year > 2099)
    throw new InvalidArgumentError('A year from 1990 to 2099 is expected.')
  return year
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    if (!/^\d{1,10}$/.test(value) || Number(value) < least || Number(value) > most)
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`)
    return Number(value)
  }
}

function number(least: number, most: number): (value: string) => number {
  return (value) => {
    if (!/^\d{0,10}\.?\d{1,10}$/.test(value) || Number(value) < least || Number(value) > most)
      throw new InvalidArgumentError(`A number from ${least} to ${most} is expected.`)
    return Number(value)
  }
}
