import { type Argument, Command, type CommanderError, Option } from 'commander'

import about from '../../package.json' with { type: 'json' }
import { didYouMean, UserError } from '../domain/errors.ts'
import type { CommandForm, OptionForm } from './completion.ts'

/*
 * Every command and option, one after the other: long, because it is a list. A command's code is loaded when the
 * command runs.
 */

/** Adds a command to the program. */
type Adding = (program: Command, act: Act) => void
/** Turns a command's function into commander's action: its arguments, then all options. */
type Act = <Arguments extends unknown[]>(
  command: (...args: [...Arguments, Record<string, never>]) => Promise<number>,
) => (...args: unknown[]) => Promise<void>

/** All commands. `done` gets the exit code of the one that runs. */
export function commandLine(done: (exitCode: number) => void): Command {
  const program = new Command('pl-stories')
  const act: Act =
    command =>
    async (...args) => {
      const self = args.pop() as Command
      args.pop()
      const given = [...args, self.optsWithGlobals()].map(unguarded)
      done(await command(...(given as Parameters<typeof command>)))
    }

  program
    .description(
      'A workbook for discussion guides: it asks, you write, and your answers are saved in your own Markdown file.',
    )
    .version(about.version)
    .addOption(new Option('--notes <file>', 'your notes file (default: equity-notes.md in this folder)'))
    .addOption(new Option('--guide <guide>', 'another guide: a file, or the name of an included one'))
    .addOption(new Option('--accessible', 'plain lines, for screen readers (also: ACCESSIBLE=1)'))
    // chalk reads these two, and FORCE_COLOR, from the command line itself.
    .addOption(new Option('--color', 'use colors even where they would be left out'))
    .addOption(new Option('--no-color', 'use no colors (also: NO_COLOR=1)'))
    .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
    .configureOutput({ writeErr: () => {} })
    .exitOverride()

  for (const [group, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(group)
    for (const add of commands) add(program, act)
  }
  return program.helpCommand(false)
}

/** The commands, grouped by what people want to do. */
const GROUPS: Record<string, Adding[]> = {
  'Work:': [addStart, addStatus, addRead],
  'Share:': [addExport, addCombine, addActions],
  'Lead:': [addFacilitate, addRunsheet, addHandout],
  'Script:': [addAnswer, addCompletion],
  'Write guides:': [addNew, addCheck],
  'Help:': [addHelp],
}

/* Options that several commands have. */

const collect = (value: string, before: string[] = []) => [...before, value]
const RECURSIVE = ['--recursive', 'include the subfolders of a folder'] as const
const LABEL_FOLDER = ['--label-folder', "name each group by its file's folder"] as const
const OUTPUT = [
  '-o, --output <file>',
  'the file to write; its ending sets the format; - is standard output',
] as const
const REPLACE = ['--overwrite', 'replace a different file that is already there'] as const
const ONLY = ['--only <part>', 'only this part, such as b or story; can be repeated', collect] as const
const BRIEF = [
  '--brief',
  'one page for a site leader: what was discussed, actions, what is not answered',
] as const
const PAGE = ['--format <format>', 'markdown, html, docx or pdf (default: markdown)'] as const
const BY = ['--by <text>', 'a line under the title: who wrote it, and where'] as const
const DATE = ['--date <text>', 'another: when'] as const
const TITLE = ['--title <text>', "the title (default: the guide's)"] as const
const LABEL_COLUMN = [
  '--label-column <head>',
  'the column of a table of responses that names the groups',
] as const
const PLAN = ['[plan]', '45, 60, 90, 60-jigsaw, or your own file'] as const
const privacyOption = () => new Option('--no-privacy-check', 'skip the check for student information')

function addStart(program: Command, act: Act): void {
  const start = program
    .command('start', { isDefault: true })
    .alias('resume')
    .description('work through the guide, or pick up where you left off (also: resume)')
    .argument('[unknown...]')
    .option(...ONLY)
    .option('--order <order>', 'guide, or watch-first: all story questions before the comparisons')
    .option(
      '--editor <command>',
      'the editor for Ctrl+O (default: $VISUAL, $EDITOR, or one that is installed)',
    )
    .option(
      '--answers <file>',
      'record these answers first: a filled-in handout, a table, notes, or data; a folder, or - for a pipe',
    )
    .option('--row <row>', 'which row of a table of responses, by number or by name')
    .option(...LABEL_COLUMN)
    .option('--overwrite', 'replace existing answers that differ')
    .option(
      '--new-round',
      "keep these notes under today's date, and begin new ones that follow up on their actions",
    )
    .option('--no-input', "don't prompt")
    .usage('[options]')
    .action(
      act<[string[]]>(async (unknown, options) => {
        const [word] = unknown
        if (word !== undefined) {
          const byName = program.args.length > unknown.length
          throw byName ? tooMuch(start, unknown) : unknownCommand(program, word)
        }
        return (await import('../commands/start.ts')).start(options)
      }),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories start --only b', 'only Element B, this time'],
        ['pl-stories start --new-round', 'next month: new notes, same actions'],
      ),
    )
}

function addStatus(program: Command, act: Act): void {
  program
    .command('status')
    .description('see what is answered, skipped and open')
    .option('--json', 'for other programs')
    .action(act<[]>(async options => (await import('../commands/view.ts')).status(options)))
    .addHelpText('after', example('pl-stories status', 'where you are'))
}

function addRead(program: Command, act: Act): void {
  program
    .command('read')
    .description('read the guide, your notes, or part of them')
    .argument('[what]', 'guide, notes, or a part: warmup, a, story, a.story, a.story.2, action', 'notes')
    .action(act<[string]>(async (what, options) => (await import('../commands/view.ts')).read(what, options)))
    .addHelpText('after', example('pl-stories read a', 'your notes on Element A'))
}

function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .description('your notes as a document, a web page, a table, or data')
    .argument('[format]', 'markdown, html, docx, pdf, csv, json or yaml (default: markdown)')
    .option('--format <format>', 'the same, as an option')
    .option(...OUTPUT)
    .option('--layout <layout>', 'sequence, or compare: each story answer beside your own system')
    .option(...BRIEF)
    .option(...ONLY)
    .option('--jots', 'include the jots from the video')
    .option('--title <text>', 'the title (default: the title of your notes)')
    .option(...BY)
    .option(...DATE)
    .option(...REPLACE)
    .addOption(privacyOption())
    .action(
      act<[string | undefined]>(async (format, options) =>
        (await import('../commands/export.ts')).exportNotes(format, options),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories export docx', 'a Word file beside your notes'],
        ['pl-stories export -o t1.html --overwrite', 'a web page, replacing the last one'],
        ['pl-stories export html --layout compare', 'the story beside your PL system'],
        ['pl-stories export docx --brief', 'one page for a site leader'],
        ['pl-stories export pdf --only b --jots', 'Element B with your jots'],
        ['pl-stories export html --title "Table 1"', 'with your own title'],
        ['pl-stories export docx --by "Ana, Oak"', 'with your name'],
        ['pl-stories export docx --date "Nov 28"', 'with the date'],
        ['pl-stories export csv > answers.csv', 'a table for a spreadsheet'],
        ['pl-stories export --format json -o -', 'for other programs'],
        ['pl-stories export --no-privacy-check', 'without the privacy check'],
      ),
    )
}

function addCombine(program: Command, act: Act): void {
  program
    .command('combine')
    .description('put many notes into one digest, question by question')
    .argument('<file...>', 'notes, filled-in handouts, responses (.csv, .xlsx), or a folder with them')
    .option(...RECURSIVE)
    .option('--label <name>', 'a name for the group of each file, in order; once per file', collect)
    .option(...LABEL_FOLDER)
    .option(...LABEL_COLUMN)
    .option('--copies <what>', 'copies that differ: groups, merge (both versions), or leave (out)')
    .option('--anonymous', 'without names, in a different order at each question')
    .option('--format <format>', 'markdown, html, docx, pdf, csv, json or yaml (default: markdown)')
    .option(...OUTPUT)
    .option('--layout <layout>', 'sequence, or compare: the story beside your PL system')
    .option(...BRIEF)
    .option(...TITLE)
    .option(...BY)
    .option(...DATE)
    .option(...REPLACE)
    .addOption(privacyOption())
    .action(
      act<[string[]]>(async (files, options) =>
        (await import('../commands/combine.ts')).combine(files, options),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories combine table-*.md -o digest.docx', 'who said what, for Word'],
        ['pl-stories combine tables --anonymous', 'a whole folder, no names'],
        ['pl-stories combine a.md b.md --label A --label B', 'with your own names'],
        ['pl-stories combine spring --recursive', 'a folder and its subfolders'],
        ['pl-stories combine */notes.md --label-folder', 'groups named by folder'],
        ['pl-stories combine form.csv --label-column Team', 'responses of a form'],
        ['pl-stories combine tables --copies merge', 'both versions of a file'],
        ['pl-stories combine tables --layout compare', 'the story beside your system'],
        ['pl-stories combine tables --brief --title May', 'one page for a site leader'],
        ['pl-stories combine tables --by "Oak School"', 'a line under the title'],
        ['pl-stories combine tables --date "Nov 28"', 'another line'],
        ['pl-stories combine tables -o d.html --overwrite', 'replacing the last page'],
        ['pl-stories combine tables --format csv', 'a table, one row per answer'],
        ['pl-stories combine tables --no-privacy-check', 'without the privacy check'],
      ),
    )
}

function addActions(program: Command, act: Act): void {
  program
    .command('actions')
    .description('who does what by when: the actions of your notes and of earlier rounds, by date')
    .argument('[file...]', 'notes files, or a folder that holds them (default: your notes here)')
    .option('--open', 'only what is neither done nor dropped')
    .option(...RECURSIVE)
    .option(...LABEL_FOLDER)
    .option('--format <format>', 'markdown, html, docx, csv, json or ics for a calendar (default: markdown)')
    .option(...OUTPUT)
    .option(...REPLACE)
    .action(
      act<[string[]]>(async (files, options) =>
        (await import('../commands/actions.ts')).actions(files, options),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories actions --open', 'what is still to do'],
        ['pl-stories actions schools --recursive --label-folder', 'every school'],
        ['pl-stories actions -o due.ics --overwrite', 'for a calendar'],
        ['pl-stories actions --format csv', 'for a spreadsheet'],
      ),
    )
}

function addFacilitate(program: Command, act: Act): void {
  program
    .command('facilitate')
    .description('lead a room through a plan: steps, clock, and what each table says')
    .argument(...PLAN)
    .option('--group <name...>', "the groups in the room (default: the plan's own)")
    .option('--until <time>', 'when you have to end, such as 4:30pm or 16:30')
    .option('--room', 'open the room page, for the projector; this screen is then for you')
    .option('--editor <command>', "the editor for a group's answers")
    .action(
      act<[string | undefined]>(async (plan, options) =>
        (await import('../commands/facilitate.ts')).facilitate(plan, options),
      ),
    )
    .addHelpText(
      'after',
      example('pl-stories facilitate 60 --until 4:30pm', 'lead an hour that ends on time'),
    )
}

function addRunsheet(program: Command, act: Act): void {
  program
    .command('runsheet')
    .description('a plan to print: clock times, what to say and ask, your own notes')
    .argument(...PLAN)
    .option('--at <time>', 'when you start, such as 3:30pm or 15:30')
    .option(...PAGE)
    .option(...OUTPUT)
    .option(...REPLACE)
    .action(
      act<[string | undefined]>(async (plan, options) =>
        (await import('../commands/print.ts')).runsheet(plan, options),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories runsheet 60 --at 3:30pm', 'an hour, minute by minute'],
        ['pl-stories runsheet 60 -o hour.docx', 'to print'],
      ),
    )
}

function addHandout(program: Command, act: Act): void {
  program
    .command('handout')
    .description('the blank guide, with room to write')
    .argument('[plan]', 'only what this plan asks: 45, …, or your own file')
    .option(...ONLY)
    .option(...PAGE)
    .option(...OUTPUT)
    .option(...TITLE)
    .option(...REPLACE)
    .action(
      act<[string | undefined]>(async (plan, options) =>
        (await import('../commands/print.ts')).handout(plan, options),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories handout --format docx', 'a Word file to print'],
        ['pl-stories handout --only b -o element-b.html', 'a page with only Element B'],
        ['pl-stories handout --title "Table 1" -o -', 'Markdown to standard output'],
        ['pl-stories handout -o handout.docx --overwrite', 'replacing the last one'],
      ),
    )
}

function addAnswer(program: Command, act: Act): void {
  program
    .command('answer')
    .description('record one answer without a prompt')
    .argument('<id>', 'the question, such as a.story.2 or 3 (pl-stories status lists them)')
    .argument('[text]', 'the answer; if omitted or -, read from standard input')
    .option('--append', 'add it below the existing answer')
    .option('--overwrite', 'replace the existing answer')
    .action(
      act<[string, string | undefined]>(async (id, text, options) =>
        (await import('../commands/answer.ts')).answer(id, text, options),
      ),
    )
    .addHelpText(
      'after',
      example('pl-stories answer warmup "Equity comes first."', 'one answer, without a prompt'),
    )
}

function addCompletion(program: Command, act: Act): void {
  program
    .command('completion')
    .description('Tab completion for commands, options and ids')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .argument('[words...]')
    .action(
      act<[string, string[]]>(async (shell, words) =>
        (await import('./completion.ts')).completion(shell, words, typingOf(program)),
      ),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories completion bash', 'shows how to turn it on in Bash'],
        ['source <(pl-stories completion zsh)', 'turns it on in this window (Zsh)'],
      ),
    )
}

function addNew(program: Command, act: Act): void {
  program
    .command('new')
    .description('start your own guide or plan')
    .argument('<file>', 'the new file, such as my-guide.yaml; an existing file is never replaced')
    .option(
      '--from <guide>',
      'copy an included guide, such as equity, or draft one from a published document (.docx, .md, .txt)',
    )
    .option('--plan <plan>', 'copy this included plan, such as 60')
    .action(
      act<[string]>(async (path, options) => (await import('../commands/new.ts')).newFile(path, options)),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories new my-guide.yaml', 'a guide to fill in'],
        ['pl-stories new our-equity.yaml --from equity', 'a copy of the equity guide'],
        ['pl-stories new data.yaml --from data-guide.docx', 'a draft of a published guide'],
        ['pl-stories new my-hour.yaml --plan 60', 'a copy of an included plan'],
      ),
    )
}

function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('check guides, plans, answers and notes for problems')
    .argument('<file...>', 'files, or a folder with them')
    .option(...RECURSIVE)
    .option('--fix', 'put the marks of notes right; the file as it was is kept beside it')
    .action(
      act<[string[]]>(async (files, options) => (await import('../commands/check.ts')).check(files, options)),
    )
    .addHelpText(
      'after',
      examples(
        ['pl-stories check my-guide.yaml', 'a guide: each problem with its line'],
        ['pl-stories check guides my-hour.yaml', 'all files in a folder, and a plan'],
        ['pl-stories check spring --recursive', 'a folder and its subfolders'],
        ['pl-stories check --fix my-notes.md', 'put broken marks right'],
      ),
    )
}

function addHelp(program: Command): void {
  program
    .command('help')
    .description('help for a command, with examples')
    .argument('[command]', 'the command (default: all)')
    .action((word?: string) => {
      const asked = word === undefined ? program : commandNamed(program, word)
      if (!asked) throw unknownCommand(program, word ?? '')
      asked.outputHelp()
    })
  program.addHelpText(
    'after',
    `${examples(
      ['pl-stories', 'start, or pick up where you left off'],
      ['pl-stories export docx', 'a Word document of your notes'],
      ['pl-stories facilitate 60', 'lead a room for an hour'],
      ['pl-stories start --answers answers.yaml', 'take answers from a file'],
      ['pl-stories new my-guide.yaml', 'write your own guide'],
    )}\n\nMore about a command: pl-stories help COMMAND`,
  )
}

/** The words of a command line with the command first, where it came after its options: `--only b start`. */
export function commandFirst(argv: readonly string[], program: Command): readonly string[] {
  const options = [program, ...program.commands].flatMap(command => command.options)
  const takesValue = (word: string) =>
    options.some(
      option => (option.short === word || option.long === word) && !option.isBoolean() && !option.negate,
    )
  let at = 0
  while (argv[at]?.startsWith('-') && argv[at] !== '--') at += takesValue(argv[at] ?? '') ? 2 : 1
  const command = argv[at]
  if (command === undefined || !commandNamed(program, command)) return argv
  return [command, ...argv.slice(0, at), ...argv.slice(at + 1)]
}

/** An argument that begins with a dash and has a space is text, which commander would take for an option. */
const GUARD = '\u0000'
export const guarded = (argument: string) =>
  /^-.*\s/s.test(argument) && !/^--[a-z][\w-]*=/.test(argument) ? GUARD + argument : argument
function unguarded(given: unknown): unknown {
  if (typeof given === 'string') return given.startsWith(GUARD) ? given.slice(1) : given
  if (Array.isArray(given)) return given.map(unguarded)
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, unguarded(value)]))
}

/* Help and errors of command lines. */

/** The commands and options, for completion. */
export function typingOf(program: Command): { commands: CommandForm[]; common: OptionForm[] } {
  const options = (command: Command) =>
    command
      .createHelp()
      .visibleOptions(command)
      .map(({ short, long, description, flags }) => {
        const [, value, many] = /[<[]([\w-]+)(\.{3})?[>\]]/.exec(flags) ?? []
        return {
          names: [short, long].filter(name => name !== undefined),
          about: description,
          ...(value && { value: { name: value, about: description, many: many !== undefined } }),
        }
      })
  const commands = program.commands.map(command => ({
    names: [command.name(), ...command.aliases()],
    about: command.description(),
    options: options(command),
    takes: command.registeredArguments
      .filter(({ description }) => description !== '')
      .map(argument => ({ name: argument.name(), about: argument.description, many: argument.variadic })),
  }))
  return { commands, common: options(program) }
}

/** A command as help lists it: its name and its documented arguments. */
export function termOf(command: Command): string {
  const takes = command.registeredArguments.filter(argument => argument.description !== '').map(argumentTerm)
  return [command.name(), ...takes].join(' ')
}

function argumentTerm(argument: Argument): string {
  const name = argument.name() + (argument.variadic ? '…' : '')
  return argument.required ? name.toUpperCase() : `[${name}]`
}

export const example = (line: string, meaning: string) => examples([line, meaning])
export const examples = (...list: [string, string][]) => {
  const width = Math.max(...list.map(([line]) => line.length))
  const rows = list.map(([line, meaning]) => `\n  ${line.padEnd(width)}  ${meaning}`)
  return `\n${list.length > 1 ? 'Examples' : 'Example'}:${rows.join('')}`
}

export function unknownCommand(program: Command, word: string): UserError {
  const names = program.commands.flatMap(command => [command.name(), ...command.aliases()])
  return new UserError(
    `There is no command "${word}". ${didYouMean(word, names) || `Commands: ${names.join(', ')}.`}`,
  )
}

export const commandNamed = (program: Command, word: string) =>
  program.commands.find(command => command.name() === word || command.aliases().includes(word))

export function tooMuch(command: Command, words: readonly string[]): UserError {
  const takes = termOf(command)
  return new UserError(
    `Too many words: ${words.map(word => `"${word}"`).join(', ')}. The command is pl-stories ${takes}${takes.includes('text') ? '; a text with spaces needs quotes' : ''}.\nMore: pl-stories ${command.name()} --help`,
  )
}

/** What commander found wrong, as a sentence. */
export function complaint(error: CommanderError, program: Command): string {
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
