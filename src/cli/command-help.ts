import type { Argument, Command, CommanderError } from 'commander'
import { didYouMean, UserError } from '../domain/errors.ts'
import type { CommandForm, OptionForm } from './completion.ts'

/* What is said of commands: what they take, with examples, and what is wrong with a line that calls one. */

/** The commands and options as completion needs to know them. */
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

/** A command as the list of commands shows it: its name and what it takes, without what only we know of. */
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
    `"${word}" is no command. ${didYouMean(word, names) || `Commands: ${names.join(', ')}.`}`,
  )
}

export const commandNamed = (program: Command, word: string) =>
  program.commands.find(command => command.name() === word || command.aliases().includes(word))

export function tooMuch(command: Command, words: readonly string[]): UserError {
  const takes = termOf(command)
  return new UserError(
    `${words.map(word => `"${word}"`).join(', ')} ${words.length === 1 ? 'is' : 'are'} too much: pl-stories ${takes} takes nothing more${takes.includes('text') ? '; a text with spaces needs quotes' : ''}.\nMore: pl-stories ${command.name()} --help`,
  )
}

/** What commander found wrong, in a sentence. */
export function complaint(error: CommanderError, program: Command): string {
  const command =
    error.code === 'commander.excessArguments' &&
    commandNamed(program, /'(.+?)'/.exec(error.message)?.[1] ?? '')
  if (command) return tooMuch(command, command.args.slice(command.registeredArguments.length)).message
  const sentence = error.message.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())
  const called = commandNamed(program, program.args[0] ?? '')
  return `${sentence}\nMore: pl-stories ${called ? `${called.name()} ` : ''}--help`
}
