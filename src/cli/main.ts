import { closeSync } from 'node:fs'
import { type Argument, Command, CommanderError } from 'commander'
import about from '../../package.json' with { type: 'json' }
import { noSuch, Stopped, UserError } from '../domain/errors.ts'
import { printNotice } from '../storage/io.ts'
import { deviceAt, outputFailure, print, watchOutput } from '../storage/output.ts'
import { COMMANDS, COMMON, type CommandRow } from './commands.ts'

/* Runs one command line, made of the list of commands; exit codes; the one place where errors are caught. */

/** Runs one command line and returns its exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  watchOutput()
  let exitCode = 0
  const { words, row } = commandFirst(argv)
  const done = (code: number) => {
    exitCode = code
  }
  const program = commandLine(done, row)
  try {
    await program.parseAsync(words.map(guarded), { from: 'user' })
  } catch (error) {
    exitCode = explain(error, program)
  }
  const failure = await outputFailure()
  if (failure?.code === 'EIO') letGoOfTerminal()
  if (!failure || failure.code === 'EPIPE' || failure.code === 'EIO') return exitCode
  print(`The output could not be written: ${failure.message.replace(/^\w+: |, \w+$/g, '')}.\n`, 'stderr')
  return 3
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
function explain(error: unknown, program: Command): number {
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
  print(
    `This is a bug in pl-stories, not your mistake. Your saved answers are safe. Please report it with these lines:\n${stack}\n`,
    'stderr',
  )
  return 70
}

/* The command line as commander has it. */

/** One command, or all: making all takes longer than most take to run. `done` gets the exit code of the one that runs. */
export function commandLine(done: (exitCode: number) => void, only?: CommandRow): Command {
  const program = new Command('pl-stories')
    .description(
      'A workbook for discussion guides: it asks, you write, and your answers are saved in your own Markdown file.',
    )
    .version(about.version)
    .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
    .configureOutput({
      writeErr: () => {},
      writeOut: print,
      getOutHelpWidth: () => deviceAt()?.columns ?? 80,
    })
    .exitOverride()
  for (const [flags, meaning] of COMMON) program.option(flags, meaning)
  for (const [group, rows] of GROUPS) {
    program.commandsGroup(group)
    for (const row of rows) if (!only || row === only) addCommand(program, row, done)
  }
  program.addHelpText(
    'after',
    `${exampleText(HELP.examples)}\n\nMore about a command: pl-stories help COMMAND`,
  )
  return program.helpCommand(false)
}

function addCommand(program: Command, row: CommandRow, done: (exitCode: number) => void): void {
  const isDefault = row === FIRST
  const command = program.command(row.name, { isDefault }).description(row.about)
  if (row.alias) command.alias(row.alias)
  // What the first command doesn't take may be a mistyped command.
  if (isDefault) command.argument('[unknown...]').usage('[options]')
  for (const [name, meaning, usual] of row.takes ?? []) command.argument(name, meaning, usual)
  for (const [flags, meaning, take] of row.options ?? [])
    if (take) command.option(flags, meaning, take)
    else command.option(flags, meaning)
  command.addHelpText('after', exampleText(row.examples))
  command.action(async (...given: unknown[]) => {
    const words = given
      .flat()
      .filter(word => typeof word === 'string')
      .map(bare)
    const [first] = words
    if (isDefault && first !== undefined)
      throw program.args.length > words.length ? tooMuch(command, words) : unknownCommand(program, first)
    const options = Object.entries(command.optsWithGlobals()).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(bare) : bare(value),
    ])
    done(await row.run(words, Object.fromEntries(options), () => commandLine(done)))
  })
}

const HELP: CommandRow = {
  name: 'help',
  about: 'help for a command, with examples',
  takes: [['[command]', 'the command (default: all)']],
  async run([word], _, all) {
    const program = all()
    const asked = word === undefined ? program : commandNamed(program, word)
    if (!asked) throw unknownCommand(program, word ?? '')
    asked.outputHelp()
    return 0
  },
  examples: [
    ['pl-stories', 'start, or pick up where you left off'],
    ['pl-stories export docx', 'a Word document of your notes'],
    ['pl-stories facilitate 60', 'lead a room for an hour'],
    ['pl-stories start --answers answers.yaml', 'take answers from a file'],
    ['pl-stories new my-guide.yaml', 'write your own guide'],
  ],
}

const GROUPS = Object.entries({ ...COMMANDS, 'Help:': [HELP] })
const ROWS = GROUPS.flatMap(([, rows]) => rows)
const [FIRST] = ROWS

/**
 * The words of a command line with the command first, where it came after its options (`--only b start`), and the
 * command; undefined where all may be asked for.
 */
function commandFirst(argv: readonly string[]): { words: readonly string[]; row?: CommandRow | undefined } {
  const options = [...COMMON, ...ROWS.flatMap(row => row.options ?? [])].map(([flags]) => flags.split(/,? /))
  const takesValue = (word: string) =>
    options.some(flags => flags.includes(word) && flags.at(-1)?.startsWith('<'))
  let at = 0
  while (argv[at]?.startsWith('-') && argv[at] !== '--') at += takesValue(argv[at] ?? '') ? 2 : 1
  const command = argv[at]
  if (command === undefined)
    return { words: argv, row: argv.includes('--help') || argv.includes('-h') ? undefined : FIRST }
  const row = ROWS.find(({ name, alias }) => command === name || command === alias)
  return row ? { words: [command, ...argv.slice(0, at), ...argv.slice(at + 1)], row } : { words: argv }
}

/** An argument that begins with a dash and has a space is text, which commander would take for an option. */
const GUARD = '\u0000'
const guarded = (argument: string) =>
  /^-.*\s/s.test(argument) && !/^--[a-z][\w-]*=/.test(argument) ? GUARD + argument : argument
function bare<Given>(given: Given): Given | string {
  return typeof given === 'string' && given.startsWith(GUARD) ? given.slice(1) : given
}

/* Help and errors of command lines. */

/** A command as help lists it: its name and its documented arguments. */
function termOf(command: Command): string {
  const takes = command.registeredArguments.filter(argument => argument.description !== '').map(argumentTerm)
  return [command.name(), ...takes].join(' ')
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '')
  return argument.required ? name.toUpperCase() : `[${name}]`
}

function exampleText(list: CommandRow['examples']): string {
  const width = Math.max(...list.map(([line]) => line.length))
  const rows = list.map(([line, meaning]) => `\n  ${line.padEnd(width)}  ${meaning}`)
  return `\n${list.length > 1 ? 'Examples' : 'Example'}:${rows.join('')}`
}

function unknownCommand(program: Command, word: string): UserError {
  const names = program.commands.flatMap(command => [command.name(), ...command.aliases()])
  return noSuch('command', word, names)
}

const commandNamed = (program: Command, word: string) =>
  program.commands.find(command => command.name() === word || command.aliases().includes(word))

function tooMuch(command: Command, words: readonly string[]): UserError {
  const takes = termOf(command)
  return new UserError(
    `Too many words: ${words.map(word => `"${word}"`).join(', ')}. The command is pl-stories ${takes}${takes.includes('text') ? '; a text with spaces needs quotes' : ''}.\nMore: pl-stories ${command.name()} --help`,
  )
}

/** What commander found wrong, as a sentence. */
function complaint(error: CommanderError, program: Command): string {
  const command =
    error.code === 'commander.excessArguments' &&
    commandNamed(program, /'(.+?)'/.exec(error.message)?.[1] ?? '')
  if (command) return tooMuch(command, command.args.slice(command.registeredArguments.length)).message
  const sentence = error.message
    .replace(/^error: (.)/, (_, first: string) => first.toUpperCase())
    .replace(/^Unknown option '(.*)'(?:\n\((.*)\))?/, 'There is no option $1. $2')
    .replace(/^Missing required argument '(.*)'$/, (_, name: string) => `Missing: ${name.toUpperCase()}`)
    .replace(/^Option '(.*)' argument missing$/, 'Missing value: $1')
    .trimEnd()
  const called = commandNamed(program, program.args[0] ?? '')
  return `${sentence}\nMore: pl-stories ${called ? `${called.name()} ` : ''}--help`
}
