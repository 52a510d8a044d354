// The manual page, from the same definitions as --help.

/** @returns the page in roff, of a Commander program. */
export function manPage(program, { version, license }) {
  const help = program.createHelp()
  help.showGlobalOptions = true
  const [name] = [program.name()]
  return [
    `.TH ${name.toUpperCase().replace('-', '\\-')} 1 "" "${name} ${version}" "User Commands"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped('a workbook for discussion guides')}`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '[\\fIcommand\\fR] [\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    escaped(program.description()),
    '.SH OPTIONS',
    ...optionLines(help, help.visibleOptions(program)),
    '.SH COMMANDS',
    ...help.visibleCommands(program).flatMap(command => commandLines(help, command)),
    '.SH NOTES',
    escaped(FILES),
    '.SH LICENSE',
    escaped(`${license}. The text of a discussion guide belongs to its publisher.`),
    '',
  ].join('\n')
}

const FILES =
  'Saving replaces a notes file whole. Its mode and group are kept. Access control lists and extended attributes are not: Node.js cannot see them.'

function commandLines(help, command) {
  const words = help
    .visibleArguments(command)
    .map(each => [help.argumentTerm(each), help.argumentDescription(each)])
  return [
    `.SS ${escaped(`${command.parent.name()} ${help.subcommandTerm(command)}`)}`,
    escaped(command.description()),
    ...words.flatMap(([term, meaning]) => ['.TP', `.I ${escaped(term)}`, escaped(meaning)]),
    ...optionLines(help, command.options),
    ...exampleLines(command),
  ]
}

const optionLines = (help, options) =>
  options.flatMap(option => [
    '.TP',
    `.B ${escaped(help.optionTerm(option))}`,
    escaped(help.optionDescription(option)),
  ])

/** What the command's help adds below its options. */
function exampleLines(command) {
  let text = ''
  command.configureOutput({
    writeOut: piece => {
      text += piece
    },
  })
  command.outputHelp()
  const at = text.search(/^Examples?:/m)
  return at < 0 ? [] : ['.PP', '.nf', ...text.slice(at).trimEnd().split('\n').map(escaped), '.fi']
}

/** A line that begins with a dot or an apostrophe would be a command to roff. */
const escaped = text =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&')
