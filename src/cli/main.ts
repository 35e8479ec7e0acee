/** The command line. Each command loads what it needs when it is called, so that `weir --help` is quick. */
import { Command, CommanderError } from 'commander'
import { AppError } from '../model/errors.ts'
import { registerCommands } from './commands.ts'
import { exitCodeOf, jsonWanted, printError, usageMessage } from './errors.ts'
import { watchOutput } from './output.ts'

watchOutput()
const json = jsonWanted(process.argv.slice(2))

const program = new Command('weir')
  .description('Keeps the books of the data that leaves a research computing centre.')
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ writeErr: (text) => process.stderr.write(usageMessage(text, json)) })
  .showHelpAfterError("(see 'weir --help')")
  .exitOverride()

registerCommands(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof AppError) {
    printError(error, json)
    process.exitCode = exitCodeOf(error)
  } else throw error
}
// Once all is written, and not when Node has taken itself apart: nobody would hear a signal then, and it would kill what has succeeded.
for (const stream of [process.stdout, process.stderr]) await new Promise((done) => stream.write('', done))
process.exit()
