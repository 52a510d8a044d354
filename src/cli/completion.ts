import type { Argument, Command, Option } from 'commander'
import { oneOf, orNothing, stripControls } from '../domain/errors.ts'
import { type Guide, selectorsOf } from '../domain/guide.ts'
import { ORDERS } from '../domain/interview.ts'
import { LAYOUTS } from '../export/guide-document.ts'
import { COPY_POLICIES } from '../session/copies.ts'
import { findGuide, shippedNames, shippedPlans } from '../storage/catalog.ts'
import { locate } from '../storage/locate.ts'
import { print } from '../storage/output.ts'

/*
 * What the Tab key finds. The shell asks the program, so that all shells find the same, and so do ids of a guide of
 * one's own; where nothing is found, the shell offers files.
 */

interface Candidate {
  word: string
  about: string
}

/**
 * The words that are being typed, the last of them unfinished, and what stands in front of it in the same word. As a
 * shell hands them over, `--only=b` is two, which Bash makes three of.
 */
function typedWords(shell: Shell, given: readonly string[]): [words: string[], glued: string] {
  const [last = '', ...rest] = [...given].reverse()
  // An empty word does not arrive from everywhere: there a sign in front of the last one is removed.
  const typing = shell === 'powershell' || shell === 'fish' ? last.replace(/^\+/, '') : last
  const words = [...rest.reverse(), typing === '=' ? '' : typing].filter(word => word !== '=')
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(words.at(-1) ?? '') ?? []
  return option !== undefined && value !== undefined
    ? [[...words.slice(0, -1), option, value], `${option}=`]
    : [words, '']
}

const optionsOf = (command: Command) => command.createHelp().visibleOptions(command)

/**
 * What could stand in the place of the last of the words: one of these, or what this option or argument takes. Options
 * in front of any command are those of the first.
 */
function wantedAt(program: Command, words: readonly string[]): Candidate[] | Option | Argument {
  const typing = words.at(-1) ?? ''
  const { commands } = program
  const options = (command = commands[0]) => [
    ...(command ? optionsOf(command) : []),
    ...optionsOf(program).filter(({ long }) => long !== '--help'),
  ]
  const plain: string[] = []
  let command: Command | undefined
  let open: Option | undefined
  for (const word of words.slice(0, -1)) {
    const option = options(command).find(({ short, long }) => word === short || word === long)
    if (option) open = option.required ? option : undefined
    else if (open && !word.startsWith('-')) open = open.variadic ? open : undefined
    else if (command) plain.push(word)
    else command = commands.find(each => namesOf(each).includes(word))
  }
  if (typing.startsWith('-'))
    return options(command).map(({ long, description }) => ({ word: long ?? '', about: description }))
  if (open) return open
  if (!command)
    return commands.flatMap(each => namesOf(each).map(word => ({ word, about: each.description() })))
  const takes = command.registeredArguments.filter(({ description }) => description !== '')
  return takes[plain.length] ?? takes.filter(({ variadic }) => variadic).at(-1) ?? []
}

const namesOf = (command: Command) => [command.name(), ...command.aliases()]

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
type Shell = (typeof SHELLS)[number]

/** A candidate as a shell reads it. */
function lineFor(shell: Shell, candidate: string, about: string): string {
  const word = stripControls(candidate)
  if (shell === 'bash') return word
  return shell === 'zsh' ? `${word.replaceAll(':', '\\:')}:${about}` : `${word}\t${about}`
}

/** What a shell has to read once, so that its Tab key asks us. */
const SCRIPTS: Record<Shell, string> = {
  bash: `# Add this line to ~/.bashrc:  source <(pl-stories completion bash)
_pl_stories() {
  local IFS=$'\\n'
  COMPREPLY=($(pl-stories completion bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _pl_stories pl-stories
`,
  zsh: `# Add these lines to ~/.zshrc:  autoload -U compinit && compinit
#                               source <(pl-stories completion zsh)
_pl_stories() {
  local -a found
  found=("\${(@f)$(pl-stories completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $found[1] ]]; then _describe 'pl-stories' found; else _files; fi
}
compdef _pl_stories pl-stories
`,
  fish: `# Add this line to ~/.config/fish/config.fish:  pl-stories completion fish | source
complete -c pl-stories -a '(pl-stories completion fish -- (commandline -opc)[2..] (printf "+%s" (commandline -ct)) 2>/dev/null)'
`,
  powershell: `# Add this line to your $PROFILE:  pl-stories completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName pl-stories -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -ne '' -and $before.Count -gt 0) { $before = @($before | Select-Object -SkipLast 1) }
  # An empty word would not arrive: a sign in front of the last one is removed.
  pl-stories completion powershell -- @before "+$wordToComplete" 2>$null | ForEach-Object {
    $word, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
  }
}
`,
}

/** Prints what a shell has to read once or, with the words typed so far, what the last of them could become. */
export async function completion(word: string, words: string[], program: Command): Promise<number> {
  const shell = oneOf('shell', word, SHELLS)
  if (words.length === 0) {
    print(SCRIPTS[shell])
    return 0
  }
  const [typed, glued] = typedWords(shell, words)
  const typing = typed.at(-1) ?? ''
  const wanted = wantedAt(program, typed)
  const all = Array.isArray(wanted) ? wanted : await candidatesFor(wanted, typed, program)
  for (const { word, about } of all)
    if (word.startsWith(typing)) print(`${lineFor(shell, glued + word, stripControls(about))}\n`)
  return 0
}

const FORMAT = /\b(?:markdown|html|docx|pdf|csv|json|yaml|ics)\b/g
const plain = (words: readonly string[]): Candidate[] => words.map(word => ({ word, about: '' }))

/** The words that a value or an argument can be; none where a file is meant, which the shell knows better. */
async function candidatesFor(wanted: Option | Argument, words: readonly string[], program: Command) {
  const name = 'flags' in wanted ? (/[<[]([\w-]+)/.exec(wanted.flags)?.[1] ?? '') : wanted.name()
  const guide = () => guideMeant(words)
  const found: Record<string, () => Candidate[] | Promise<Candidate[]>> = {
    format: () => plain([...new Set(wanted.description.match(FORMAT))]),
    copies: () => plain(COPY_POLICIES),
    layout: () => plain(LAYOUTS),
    order: () => plain(ORDERS),
    shell: () => plain(SHELLS),
    guide: () => plain(shippedNames()),
    command: () => program.commands.map(each => ({ word: each.name(), about: each.description() })),
    plan: async () => (await shippedPlans()).map(({ name: word, plan }) => ({ word, about: plan.title })),
    id: async () => (await guide()).questions.map(({ id, text }) => ({ word: id, about: oneLine(text) })),
    part: async () => parts(await guide()),
    what: async () => [...plain(['guide', 'notes']), ...parts(await guide())],
  }
  return (await found[name]?.()) ?? []
}

const LONGEST = 60
/** Shells break a longer one over several rows. */
const oneLine = (text: string) => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
const parts = ({ questions }: Guide) => plain([...new Set(questions.flatMap(selectorsOf))])

/** The guide of the notes that are named, or of those here; of damaged notes, the first shipped one. */
async function guideMeant(words: readonly string[]): Promise<Guide> {
  const after = (option: string) => {
    const value = words[words.lastIndexOf(option) + 1]
    return words.includes(option) && value ? value : undefined
  }
  const [notes, guide] = [after('--notes'), after('--guide')]
  const options = { ...(notes && { notes }), ...(guide && { guide }) }
  return ((await locate(options).catch(orNothing)) ?? (await findGuide(undefined))).guide
}
