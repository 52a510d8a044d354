import { closeSync } from 'node:fs'
import { CommanderError, type Command as Program } from 'commander'
import { Stopped, UserError } from '../domain/errors.ts'
import { printNotice } from '../storage/io.ts'
import { commandFirst, commandLine, complaint, guarded } from './program.ts'

/* Runs one command line; exit codes; the one place where errors are caught. */

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const outputOf = watchOutput()
  // A terminal that tells no size, as under cron, script and expect, has the usual one.
  for (const stream of [process.stdout, process.stderr])
    if (stream.isTTY && !stream.columns) Object.assign(stream, { columns: 80, rows: 24 })
  let exitCode = 0
  const program = commandLine(code => {
    exitCode = code
  })
  try {
    await program.parseAsync(commandFirst(argv, program).map(guarded), { from: 'user' })
  } catch (error) {
    exitCode = explain(error, program)
  }
  return outputOf(exitCode)
}

/**
 * The reader of our output may be gone, which is fine (`| head`); a full disk is reported.
 * @returns what waits until all output is out, and turns the exit code to 3 if it could not be written.
 */
function watchOutput(): (exitCode: number) => Promise<number> {
  let failure: NodeJS.ErrnoException | undefined
  process.stderr.on('error', () => {})
  process.stdout.on('error', error => {
    failure ??= error
  })
  return async exitCode => {
    await new Promise<void>(written => process.stdout.write('', () => written()))
    if (failure?.code === 'EIO') letGoOfTerminal()
    if (!failure || failure.code === 'EPIPE' || failure.code === 'EIO') return exitCode
    const why = failure.message.replace(/^\w+: |, \w+$/g, '')
    process.stderr.write(`The output could not be written: ${why}.\n`)
    return 3
  }
}

/** A terminal that was closed cannot be put back in order, and Node aborts where it tries to: at any that is open. */
function letGoOfTerminal(): void {
  for (const descriptor of [0, 1, 2])
    try {
      closeSync(descriptor)
    } catch {
      // It was closed before.
    }
}

/** Says what went wrong, and returns the exit code. Only our own mistakes show a stack. */
function explain(error: unknown, program: Program): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    printNotice(complaint(error, program))
    return 2
  }
  if (error instanceof Stopped) return error.exitCode
  if (error instanceof UserError) {
    printNotice(error.message)
    return error.exitCode
  }
  if ((error as NodeJS.ErrnoException).syscall === 'uv_cwd') {
    printNotice('The folder that you are in no longer exists. Go to another one (cd), then try again.')
    return 2
  }
  const stack = error instanceof Error ? error.stack : String(error)
  process.stderr.write(
    `This is a bug in pl-stories, not your mistake. Your saved answers are safe. Please report it with these lines:\n${stack}\n`,
  )
  return 70
}
