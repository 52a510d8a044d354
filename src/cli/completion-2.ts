import { didYouMean, UserError } from '../domain/errors.ts'
import { type Guide, selectorsOf } from '../domain/guide.ts'
import { ORDERS } from '../domain/interview.ts'
import { LAYOUTS } from '../export/guide-document.ts'
import { findGuide, shippedNames } from '../storage/catalog.ts'
import { locate } from '../storage/locate.ts'
import { shippedPlans } from '../storage/walkthroughs.ts'
import {
  type ArgumentForm,
  type Candidate,
  type CommandForm,
  linesFor,
  type OptionForm,
  SCRIPTS,
  SHELLS,
  type Shell,
  typedWords,
  wantedAt,
} from './completion.ts'

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
    `"${word}" is no shell that is known here. ${didYouMean(word, SHELLS) || `Shells: ${SHELLS.join(', ')}.`}`,
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

/** The guide of the notes that are named or stand here; while they are in disorder, the one shipped first. */
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
