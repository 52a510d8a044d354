import { didYouMean, stripControls, UserError } from '../domain/errors.ts'
import { type Guide, selectorsOf } from '../domain/guide.ts'
import { ORDERS } from '../domain/interview.ts'
import { LAYOUTS } from '../export/guide-document.ts'
import { findGuide, shippedNames, shippedPlans } from '../storage/catalog.ts'
import { locate } from '../storage/locate.ts'

/*
 * What the Tab key finds. The shell asks the program, so that all shells find the same, and so do ids of a guide of
 * one's own; where nothing is found, the shell offers files.
 */

/** A command as it is typed. */
export interface CommandForm {
  names: string[]
  about: string
  options: OptionForm[]
  /** What its arguments are, such as `plan` or `file`. */
  takes: ArgumentForm[]
}

export interface OptionForm {
  names: string[]
  about: string
  /** What its value is; without it, it takes none. */
  value?: ArgumentForm
}

export interface ArgumentForm {
  name: string
  about: string
  /** Whether several may follow each other. */
  many: boolean
}

export interface Candidate {
  word: string
  about: string
}

/** What is being typed: the words, the last of them unfinished, and what stands in front of it in the same word. */
export interface Typed {
  words: string[]
  glued: string
}

/** The words as a shell hands them over; `--only=b` is two, which Bash makes three of. */
export function typedWords(shell: Shell, given: readonly string[]): Typed {
  const [last = '', ...rest] = [...given].reverse()
  // An empty word does not arrive from everywhere: there a sign in front of the last one is taken off again.
  const typing = shell === 'powershell' || shell === 'fish' ? last.replace(/^\+/, '') : last
  const words = [...rest.reverse(), typing === '=' ? '' : typing].filter(word => word !== '=')
  const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(words.at(-1) ?? '') ?? []
  return option !== undefined && value !== undefined
    ? { words: [...words.slice(0, -1), option, value], glued: `${option}=` }
    : { words, glued: '' }
}

/** What stands at the end of a command line: one of these words, or something of a kind. */
export type Wanted = { words: Candidate[] } | { what: ArgumentForm }

/** What could stand in the place of the last of the words. Options in front of any command are those of the first. */
export function wantedAt(
  commands: readonly CommandForm[],
  common: readonly OptionForm[],
  words: string[],
): Wanted {
  const typing = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const optionsOf = (command = commands[0]) => {
    const own = command?.options ?? []
    return [...own, ...common.filter(({ about }) => !own.some(option => option.about === about))]
  }
  const optionOf = (word: string, command: CommandForm | undefined) =>
    optionsOf(command).find(({ names }) => names.includes(word))
  const plain: string[] = []
  let command: CommandForm | undefined
  let open: ArgumentForm | undefined
  for (const word of before) {
    const option = optionOf(word, command)
    if (option) open = option.value
    else if (open && !word.startsWith('-')) open = open.many ? open : undefined
    else if (command) plain.push(word)
    else command = commands.find(({ names }) => names.includes(word)) ?? command
  }
  if (open && !typing.startsWith('-')) return { what: open }
  if (typing.startsWith('-')) return { words: optionWords(optionsOf(command)) }
  if (!command) return { words: commands.flatMap(({ names, about }) => names.map(word => ({ word, about }))) }
  const last = command.takes.at(-1)
  const what = command.takes[plain.length] ?? (last?.many ? last : undefined)
  return what ? { what } : { words: [] }
}

const optionWords = (options: readonly OptionForm[]) =>
  options.map(({ names, about }) => ({ word: names.at(-1) ?? '', about }))

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof SHELLS)[number]

/** The candidates as a shell reads them, a line each. */
export function linesFor(shell: Shell, candidates: readonly Candidate[]): string[] {
  return candidates.map(candidate => {
    const [word, about] = [stripControls(candidate.word), stripControls(candidate.about)]
    if (shell === 'bash') return word
    return shell === 'zsh' ? `${word.replaceAll(':', '\\:')}:${about}` : `${word}\t${about}`
  })
}

/** What a shell has to read once, so that its Tab key asks us. */
export const SCRIPTS: Record<Shell, string> = {
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
  # An empty word would not arrive: a sign in front of the last one is taken off again.
  pl-stories completion powershell -- @before "+$wordToComplete" 2>$null | ForEach-Object {
    $word, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
  }
}
`,
}

/** What can be typed, as the command line describes itself. */
export interface Typing {
  commands: CommandForm[]
  common: OptionForm[]
}

/** Prints what a shell has to read once or, with the words typed so far, what the last of them could become. */
export async function completion(
  word: string,
  words: string[],
  { commands, common }: Typing,
): Promise<number> {
  const shell = shellNamed(word)
  if (words.length === 0) {
    process.stdout.write(SCRIPTS[shell])
    return 0
  }
  const { words: typed, glued } = typedWords(shell, words)
  const typing = typed.at(-1) ?? ''
  const wanted = wantedAt(commands, common, typed)
  const all = 'words' in wanted ? wanted.words : await candidatesFor(wanted.what, typed, commands)
  const found = all
    .filter(({ word }) => word.startsWith(typing))
    .map(({ word, about }) => ({ word: glued + word, about }))
  process.stdout.write(
    linesFor(shell, found)
      .map(line => `${line}\n`)
      .join(''),
  )
  return 0
}

function shellNamed(word: string): Shell {
  const shell = SHELLS.find(name => name === word.toLowerCase())
  if (shell) return shell
  throw new UserError(
    `There is no shell "${word}" here. ${didYouMean(word, SHELLS) || `Shells: ${SHELLS.join(', ')}.`}`,
  )
}

const FORMAT = /\b(?:markdown|html|docx|csv|json|yaml)\b/g
const plain = (words: readonly string[]): Candidate[] => words.map(word => ({ word, about: '' }))

/** The words there are for an argument; none where a file is meant, which the shell knows better. */
async function candidatesFor(
  { name, about }: ArgumentForm,
  words: readonly string[],
  commands: readonly CommandForm[],
): Promise<Candidate[]> {
  switch (name) {
    case 'format':
      return plain([...new Set(about.match(FORMAT))])
    case 'layout':
      return plain(LAYOUTS)
    case 'order':
      return plain(ORDERS)
    case 'shell':
      return plain(SHELLS)
    case 'guide':
      return plain(await shippedNames())
    case 'command':
      return commands.map(({ names: [word = ''], about }) => ({ word, about }))
    case 'plan':
      return (await shippedPlans()).map(({ name: word, plan }) => ({ word, about: plan.title }))
    case 'id':
      return (await guideMeant(words)).questions.map(({ id, text }) => ({ word: id, about: oneLine(text) }))
    case 'part':
      return parts(await guideMeant(words))
    case 'what':
      return [...plain(['guide', 'notes']), ...parts(await guideMeant(words))]
    default:
      return []
  }
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
  const located = await locate({ ...(notes && { notes }), ...(guide && { guide }) }).catch(error => {
    if (error instanceof UserError) return findGuide(undefined)
    throw error
  })
  return located.guide
}
