import { isOutcome } from './answers.ts'
import { capitalized, type Guide, type QuestionId } from './guide.ts'

/** One thing somebody will do, as a line of an answer says it. */
export interface Action extends Fields {
  /** `2027-01-15`, where `when` says for certain which day is meant. */
  date?: string
  state: ActionState
  /** Where it begins: the number of the line in the answer, from 0. */
  line: number
  /** The line without its bullet and box. */
  words: string
}

export type ActionState = 'open' | 'done' | 'dropped'

interface Fields {
  what: string
  who: string
  /** As it is written. */
  when: string
}

/** How dates are read: the earliest day that a date without a year can mean, and whether 3/1 is January 3. */
interface DateReading {
  from: string
  dayFirst: boolean
}

/** An action with the question whose answer holds it, and who said so. */
export interface SaidAction extends Action {
  id: QuestionId
  from?: string | undefined
}

/** An action of an earlier round, in the notes that are its home. */
export interface EarlierAction extends SaidAction {
  path: string
  /** The date in the file name of its round, or that name; undefined in the present one. */
  since?: string | undefined
}

const BULLET = /^\s*(?:[-–*+•◦▪]|\d+[.)])\s/
/** A bullet or a number, a box, or both. Formatters put a backslash before a bracket. */
const ITEM =
  /^(\s*(?:[-–*+•◦▪]|\d+[.)])\s+|\s*(?=\\?\[|[☐☑✅]))(?:\\?\[([ xX-]?)\\?\]\s+|([☐☑✅])\s*)?(?=\S)/u
const LABELS =
  '(?:(who|owner|lead|responsible|assignee|assigned to|person|qui[eé]n|responsable)|when|by when|due(?: date| by)?|deadline|date|cu[aá]ndo|fecha)\\s*::?\\s*'
const LABEL = new RegExp(`^${LABELS}(?=\\S)`, 'iu')
const LABEL_LINE = new RegExp(`^\\s+(?:[-*+•]\\s+)?${LABELS}\\S`, 'iu')

const BOX = /(?:^|\s)\\?\[[ xX-]?\\?\]\s|[☐☑✅]/u
/** Whether there may be actions in a text: in an answer to an action question there may be, anyway. */
export const holdsBox = (text: string) => BOX.test(text)

/** Each line of an answer to an action question, and each line with a box in another answer. */
export function* actionsOf(
  { questions }: Guide,
  said: (id: QuestionId) => Iterable<{ who?: string | undefined; text: string }>,
  reading?: DateReading,
): Generator<SaidAction> {
  for (const { id, kind } of questions)
    for (const { who: from, text } of said(id)) {
      if (kind !== 'action' && !holdsBox(text)) continue
      const lines = kind === 'action' ? [] : text.split('\n')
      for (const action of actionsIn(text, reading))
        if (kind === 'action' || holdsBox(ITEM.exec(lines[action.line] ?? '')?.[0] ?? ''))
          yield { from, ...action, id }
    }
}

/** The actions in an answer, one a line. Lines below a list item that continue it belong to it. */
export function actionsIn(text: string, reading?: DateReading): Action[] {
  const whole: { text: string; line: number }[] = []
  const lines = text.split('\n')
  let inItem = false
  for (const [line, words] of lines.entries()) {
    const last = whole.at(-1)
    if (inItem && last && continues(lines[line - 1] ?? '', words))
      last.text += ` ${words.replace(/^\s*(?:[-*+•]\s+)?/, '')}`
    else if (isAction(words, lines[line + 1])) {
      whole.push({ text: words, line })
      inItem = BULLET.test(words)
    } else if (words.trim() !== '') inItem = false
  }
  return whole.map(each => ({ ...readAction(each.text, reading), line: each.line }))
}

/** `Who: …` below, what is indented, and the rest of a line that was broken. */
function continues(above: string, line: string): boolean {
  if (LABEL_LINE.test(line)) return true
  if (ITEM.test(line) || line.trim() === '') return false
  const broken = /[^.!?)\s]\s*$/.test(above) && (above.replace(ITEM, '').length > 60 || /^\p{Ll}/u.test(line))
  return /^\s/.test(line) || broken
}

const HEAD =
  /^(?:actions?|what|tasks?|steps?|who|owner|person|lead|responsible|by|when|due|date|deadline|status|done|qué|quién|cuándo)$/i

/** Headings, rules, the head of a table, the words above a list and what became of another action are none. */
function isAction(line: string, below: string | undefined): boolean {
  const words = line
    .replace(ITEM, '')
    .replace(/^\s*(?:\S+\s+)?\\?\[x\\?\]\s*$/i, '')
    .match(/[\p{L}\p{N}]+/gu)
  if (!words || isOutcome(line) || /^\s*(?:#{1,6}\s|```|~~~)/.test(line)) return false
  if (below !== undefined && /:[*_\s]*$/.test(line) && !ITEM.test(line)) return false
  return !(/[|\t]/.test(line) && words.every(word => HEAD.test(word)))
}

function readAction(line: string, reading?: DateReading): Omit<Action, 'line'> {
  const [mark = '', , letter, sign] = ITEM.exec(line) ?? []
  const box = letter ?? sign ?? ''
  const state = /[xX☑✅]/u.test(box) ? 'done' : box === '-' ? 'dropped' : 'open'
  const words = line.slice(mark.length).trim()
  const fields = fieldsOf(words)
  const date = reading && dateOf(fields.when, reading)
  return { ...fields, ...(date !== undefined && { date }), state, words }
}

/** Longer lines are prose: nobody writes who and when at their end. */
const LONGEST = 400
const PREFIX = /^(?:to-?do|action(?: item| step)?|task|next steps?|what|acci[oó]n|tarea|qu[eé])\s*\d*:\s*/i

/** A line that is bold as a whole or at its end, with who and when in it. */
const EMPHASIZED_END = /(?<![\p{L}\p{N}*_])([*_]{1,3})(?=[^\s*_])([^*_]+)\1$/u

/** Takes who and when off the end of a line and off its beginning. What is not certain stays in `what`. */
function fieldsOf(line: string): Fields {
  if (line.length > LONGEST) return { what: line, who: '', when: '' }
  const plain = line.replace(/^\|\s*|\s*\|$/g, '').replace(EMPHASIZED_END, '$2')
  let now: Fields = { what: plain.replace(PREFIX, ''), who: '', when: '' }
  for (let next: Fields | undefined = now; next; ) {
    now = next
    next = without(ENDS, now) ?? without(BEGINNINGS, now)
  }
  const what = now.what.replace(PREFIX, '').replace(/(?<!\.|\b(?:etc|jr|sr|[ap]\.m))\.\s*$/i, '')
  return { what: tidy(what), who: tidy(now.who), when: tidy(now.when) }
}

const tidy = (text: string) => text.replace(/^[\s,;:|]+|[\s,;:|]+$/g, '').replace(/^([*_]+)([^*_]*)\1$/, '$2')

/* Words that tell a time, and those that may stand beside them. Accents are taken off first. */

const MONTH =
  '(?:jan(?:uary)?|ene(?:ro)?|feb(?:ruary|rero)?|mar(?:ch|zo)?|apr(?:il)?|abr(?:il)?|mayo?|june?|junio|july?|julio|aug(?:ust)?|ago(?:sto)?|sep(?:t|tember|tiembre)?|oct(?:ober|ubre)?|nov(?:ember|iembre)?|dec(?:ember)?|dic(?:iembre)?)'
const DAY_NAME =
  '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?|lunes|martes|miercoles|jueves|viernes|sabado|domingo)'
const STRONG = `\\d{4}-\\d\\d?-\\d\\d?|\\d\\d?/\\d\\d?(?:/(?:\\d\\d){1,2})?|(?:mid-?)?${MONTH}|${DAY_NAME}|today|tonight|tomorrow|asap|tbd|soon|ongoing|daily|weekly|monthly|quarterly|immediately|noon|spring|summer|fall|autumn|winter|break|recess|thanksgiving|hoy|manana|primavera|verano|otono|invierno|vacaciones`
const UNIT =
  'days?|weeks?|months?|years?|semester|quarter|term|trimester|session|meetings?|visit|night|event|testing|graduation|enrollment|plc|conferences?|training|retreat|holidays?|weekend|semana|mes|ano|trimestre|semestre|reunion|sesion|curso'
const WHICH =
  'next|this|our|the|end|start|beginning|middle|mid|early|late|first|second|third|fourth|last|coming|following|each|every|upcoming|once|fin(?:es)?|final|principios|mediados|proxim[oa]|est[ea]|cada'
const BESIDE =
  'of|in|on|at|to|through|de|del|el|las?|los|a|al|en|by|before|until|due|and|y|starting|begin|during|school|staff|board|faculty|team|department|site|pd|district|\\d{1,2}(?:st|nd|rd|th)?|\\d{1,2}[-–]\\d{1,2}|20\\d\\d|\\d\\d?(?::\\d\\d)?(?:am|pm)'
const oneOf = (words: string) => new RegExp(`^(?:${words})$`)
const [STRONG_WORD, UNIT_WORD, WHICH_WORD] = [oneOf(STRONG), oneOf(UNIT), oneOf(WHICH)]
const TIME_WORD = oneOf([STRONG, UNIT, WHICH, BESIDE].join('|'))
const LIMIT = 'no later than|on or before|by|before|until|till?|after|during|due|antes|hasta|para'
const LIMIT_FIRST = new RegExp(`^(?:${LIMIT})\\s`)

const plainWords = (text: string) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

/** Whether a phrase says a time and nothing else; one that begins with "by" or "before" may name what it is about. */
function isWhen(phrase: string): boolean {
  const plain = plainWords(phrase).trim()
  const words = plain.split(/[\s,]+/).map(word => word.replace(/^['"*]+|[.'"*]+$/g, ''))
  if (words.length > 9 || !TIME_WORD.test(words.at(-1) ?? '')) return false
  const tells = words.some(word => STRONG_WORD.test(word))
  const names =
    words.some(word => UNIT_WORD.test(word)) && words.some(word => WHICH_WORD.test(word) || word === 'before')
  return (tells || names) && (LIMIT_FIRST.test(plain) || words.every(word => TIME_WORD.test(word)))
}

const GROUPS =
  'all|everyone|everybody|we|i|us|both|they|teams?|staff|committee|council|counselors?|teachers?|coach(?:es)?|principals?|admins?|administrators?|leads?|leaders?|leadership|department|dept|chairs?|director|coordinators?|liaisons?|librarian|specialists?|facilitators?|faculty|board|pta|equipo|todos|todas|nosotros|maestr[oa]s|director[a]?|consejer[oa]s'
const GROUP_WORD = oneOf(GROUPS)
const WITH_GROUPS = oneOf(
  `${GROUPS}|and|y|e|&|/|\\+|the|our|de|la|las|el|los|del|van|von|data|grade|level|office|table|site|front|special|instructional|datos|\\d\\d?(?:st|nd|rd|th)?`,
)
/** Words with a capital that are no names. */
const NO_NAME =
  /(?:tion|ment|ness|ship|ity|ance|ing|ics)$|^(?:this|that|it|there|if|when|what|who|how|which|why|note|goal|step|phase|part|priority|reminder|question|idea|optional|see|yes|no|please|maybe|also|then|chapters?|pages?|title|unit|room|school|schools|elementary|middle|high|campus|unified|english|spanish|hmong|chinese|vietnamese|korean|zoom|google|avid|elpac|lcap|iep|sel|pbis|mtss|time|access|about|agenda|topic|parent|attendance|equity|such|responsible|owner|assignee|deadline|date|task|e\.g|i\.e|or|for|from|like|per|via|but|with|at|in)$/

/** `equity team`, `the counseling dept`: whatever one word or two say of it. */
const isTeam = (phrase: string) =>
  /^(?:(?:the|our) )?(?!(?:for|with|see|by|from|of|to|in|on|at|about|or|and|not|no|per|each|every|all|via|like|as|any|which|what) )(?:[\p{L}-]+ (?!(?:for|with|by|from|of|to|in|on|at|about|or|and|each|every) )){1,2}(?:team|committee|council|dept|department)$/u.test(
    phrase,
  )

/** Whether a phrase names people: names with a capital, and words for groups. `sure`: a time stands beside it. */
function isWho(phrase: string, sure = false): boolean {
  const words = phrase.replace(/[*_,.]+(?=\s|$)|^[*_]+/g, '').split(/\s+/)
  const plain = words.map(plainWords)
  if (words.length > 6 || /[?!:"“”=]/.test(phrase) || VERB.test(plain[0] ?? '')) return false
  if (isTeam(plain.join(' '))) return true
  if (plain.some(word => NO_NAME.test(word) && !GROUP_WORD.test(word))) return false
  const names = words.map(word => /^(?:\p{Lu}[\p{L}'’.-]*|@[\w.-]+)$/u.test(word))
  const known = plain.map((word, i) => names[i] || WITH_GROUPS.test(word))
  if (sure && /^[\p{L}@][^\d]*$/u.test(phrase)) return true
  if (!known.every(Boolean)) return false
  return plain.some((word, i) => GROUP_WORD.test(word) || (names[i] && !WITH_GROUPS.test(word)))
}

/** Who and when in a piece set apart, such as what stands in brackets; undefined if it holds anything else. */
function partsOf(piece: string, whenKnown: boolean): Pick<Fields, 'who' | 'when'> | undefined {
  const parts = piece.split(/\s*(?:[;|\t]|,(?!\s*20\d\d(?!\d*-)))\s*|\s+[-–—/]+\s+/).filter(Boolean)
  const read = parts.map(part => {
    const [label = '', isName] = (part.includes(':') && LABEL.exec(part)) || []
    const value = part.slice(label.length)
    if (label !== '') return { label, who: isName ? value : '', when: isName ? '' : value }
    const words = value.split(/(?<=\s)/)
    const maybe = TIME_WORD.test(plainWords(words.at(-1) ?? '').replace(/[.,'"*\s]+$/, ''))
    const at = maybe ? words.findIndex((_, i) => isWhen(words.slice(i).join(''))) : -1
    const [who, when] = [words.slice(0, at).join('').trim(), words.slice(at).join('')]
    const split = at === 0 || (at > 0 && (LIMIT_FIRST.test(plainWords(when)) || isWho(who)))
    return split ? { label, who, when } : { label, who: value, when: '' }
  })
  const sure = whenKnown || read.some(({ when }) => when !== '')
  if (!read.every(({ label, who }) => label !== '' || who === '' || isWho(who.trim(), sure))) return undefined
  const joined = (name: 'who' | 'when') => read.flatMap(part => part[name] || []).join(', ')
  return { who: joined('who'), when: joined('when') }
}

/** Where a piece may be set apart from the rest of a line, and what it may hold there. */
interface Place {
  pattern: RegExp
  /** What a line must hold for the pattern to fit: to look for that is faster, and most lines do not. */
  needs?: RegExp
  may?: (part: Pick<Fields, 'who' | 'when'>, now: Fields) => boolean
}

const onlyWhen = ({ who }: Pick<Fields, 'who'>) => who === ''
/** Says that the time in a sentence may be another than that of the action: what was found in May. */
const ABOUT =
  /;|\b(?:who|whom|what|how|which|whether|where|why|when|that|did|was|were|ha[ds]|saw|gave|(?!need\b)\w{2,}ed)\b/i
const SOFT = 'next|tomorrow|today|tonight|asap|every|each|in|on|at|en|this(?!\\s+(?:year|school|semester))'
const REST = '^(?<rest>.*\\S)'
const ENDS: readonly Place[] = [
  { pattern: /^(?<rest>.*[)\]])\s+(?<part>\d{4}-\d\d-\d\d)$/ },
  { pattern: /^(?<rest>.*\S)\s*[([](?<part>[^()[\]]+)[)\]][.\s]*$/ },
  { needs: /:/, pattern: new RegExp(`${REST}[\\s.,;|]+(?<part>${LABELS}\\S.*)$`, 'iu') },
  { pattern: /^(?<rest>.*\S)(?:\s+[-–—]+\s+|\s*[;|→\t]\s*|\s+\/\s+|\s*[📅⏳]\s*)(?<part>\S.*)$/u },
  { pattern: /^(?<rest>.*?\S)\s+(?<part>@[\w.-]+.*)$/ },
  {
    pattern: /^(?<rest>[^,]*\S)[,:]\s+(?<part>[^,:]+,\s+[^,:]+)$/,
    may: ({ who, when }) => when !== '' && isWho(who),
  },
  { pattern: /^(?<rest>.*\S),(?!\s*20\d\d$)\s+(?<part>\S.*)$/, may: onlyWhen },
  {
    pattern: new RegExp(`${REST}\\s+(?<part>(?:${LIMIT})\\s.*)$`, 'i'),
    may: (part, { what }) =>
      onlyWhen(part) && !/\b(?:reduce|increase|cut|raise|lower)\b.* by [123]\/[234]$/i.test(what),
  },
  {
    pattern: new RegExp(
      `^(?<rest>.*?\\S)(?<!\\b(?:to|for|of|with|about|from|the|our|and))\\s+(?<part>(?:${SOFT})(?:[\\s,]+(?:${[STRONG, UNIT, WHICH, BESIDE].join('|')}))*)$`,
      'i',
    ),
    may: (part, { what, who }) =>
      onlyWhen(part) && (who === '' || !/^(?:in|on|at|en) /i.test(part.when)) && !ABOUT.test(what),
  },
]

const VERBS =
  'add|adjust|agree|allow|appoint|assign|aim|analyze|apply|arrange|ask|attend|audit|be|begin|bring|build|buy|call|change|check|choose|collect|commit|compare|connect|contact|continue|contribute|create|decide|develop|discuss|do|draft|email|encourage|ensure|explain|find|finish|follow|gather|get|give|go|have|help|hold|identify|include|increase|introduce|invite|join|keep|lead|learn|listen|look|make|meet|monitor|move|need|observe|offer|open|order|organize|pause|pilot|plan|post|prepare|present|provide|pull|read|reach|record|recruit|reduce|refer|remember|remind|replace|report|request|research|respond|return|review|revise|revisit|run|schedule|send|set|share|show|speak|start|support|survey|take|talk|teach|tell|train|translate|try|turn|update|use|visit|volunteer|wait|walk|want|welcome|work|write'
const VERB = oneOf(`${VERBS}|\\w+(?:ize|ify)`)
const WILL =
  "\\s+(?:will|shall|should|must|(?:is|are) going to|needs? to|has to|have to|plans? to|agreed to|va a|van a|deben?|tienen? que)|['’]ll"
const BEGINNINGS: readonly Place[] = [
  { needs: /:/, pattern: new RegExp(`^(?<part>${LABELS}[^;|]+?)\\s*[;|]\\s*(?<rest>\\S.*)$`, 'iu') },
  { pattern: /^(?<part>[^:,]{3,40}?)(?:[,:]|\s+[-–—]+)\s+(?<rest>[^;]+)$/, may: onlyWhen },
  { pattern: /^[*_]*(?<part>[^:]{1,60}?)[*_]*:[*_]*\s+(?<rest>\S.*)$/ },
  { pattern: /^(?<part>\p{Lu}\p{Ll}[^:]{0,40}?)\s+[-–—]+\s+(?<rest>\p{Ll}.*)$/u },
  {
    pattern: new RegExp(
      `^[*_]*(?<part>.{1,60}?)[*_]*(?:${WILL})\\s+(?<rest>(?!be \\w+(?:ed|en|wn|nt)\\b)\\S.*)$`,
      'i',
    ),
  },
  { needs: /\sto\s/, pattern: new RegExp(`^(?<part>.{1,60}?)\\s+to\\s+(?<rest>(?:${VERBS})\\b.*)$`) },
].map(place => ({ may: part => part.when === '' && isWho(part.who), ...place }))

/** The line without who or when that stand at one of these places; undefined if none does. */
function without(places: readonly Place[], now: Fields): Fields | undefined {
  const text = places === ENDS ? now.what.replace(/[\s.]+$/, '') : now.what
  for (const { pattern, needs, may = () => true } of places) {
    if (needs && !needs.test(text)) continue
    const { rest, part } = pattern.exec(text)?.groups ?? {}
    const found = part && rest ? partsOf(part, now.when !== '') : undefined
    if (!found || !rest || (found.who && now.who) || (found.when && now.when) || !may(found, now)) continue
    return { what: rest, who: now.who || found.who, when: now.when || found.when }
  }
  return undefined
}

const MONTHS =
  'jan feb mar apr may jun jul aug sep oct nov dec ene feb mar abr may jun jul ago sep oct nov dic'.split(' ')
const DATES = [
  /(?<y>\d{4})-(?<m>\d\d?)-(?<d>\d\d?)/,
  /(?<m>\d\d?)\/(?<d>\d\d?)(?:\/(?<y>\d{4}|\d\d))?/,
  new RegExp(
    `\\b(?<m>${MONTH})\\b\\.?\\s+(?<d>\\d\\d?)(?:st|nd|rd|th)?\\b(?:,?\\s+(?:del?\\s+)?(?<y>\\d{4}))?`,
  ),
  new RegExp(`(?<d>\\d\\d?)(?:st|nd|rd|th)?(?: de| of)? (?<m>${MONTH})\\b\\.?(?:,?(?: del?)? (?<y>\\d{4}))?`),
  new RegExp(`\\b(?:end of|fin(?:es|al)? de) (?<m>${MONTH})\\b(?:,?(?: del?)? (?<y>\\d{4}))?`),
]
const UNSURE = /\b(?:week|after|around|about|or|semana|despues)\b/

/** The day that a time in words means, as `2027-01-15`; undefined if it is none, or not for certain this one. */
function dateOf(when: string, { from, dayFirst }: DateReading): string | undefined {
  const plain = plainWords(when).replace(/\b\d\d?(?::\d\d)?\s*[ap]\.?m\b/, '')
  for (const pattern of DATES) {
    const found = pattern.exec(plain)
    if (!found?.groups) continue
    const { 0: text, groups } = found
    if (/\d/.test(plain.replace(text, '')) || UNSURE.test(plain)) return undefined
    const { y, m = '', d } = groups
    const swapped = text.includes('/') && (dayFirst || Number(m) > 12) && Number(d) < 13
    const month = (name: string) => Number(name) || (MONTHS.indexOf(name.slice(0, 3)) % 12) + 1
    return swapped ? dayOf(y, month(d ?? ''), m, from) : dayOf(y, month(m), d, from)
  }
  return undefined
}

/** The first such day from `from` on, if the year is not said; the last of the month, if the day is not. */
function dayOf(y: string | undefined, month: number, d: string | undefined, from: string) {
  const first = Number(y ?? from.slice(0, 4)) + (y?.length === 2 ? 2000 : 0)
  for (let year = first; year <= first + (y ? 0 : 8); year++) {
    const date = new Date(Date.UTC(year, d ? month - 1 : month, Number(d ?? 0)))
    const text = date.toISOString().slice(0, 10)
    if (date.getUTCMonth() === month - 1 && (y || text >= from)) return text
  }
  return undefined
}

/** The first line of an action with this state in its box: changed, or put in front where there was none. */
export function withState(line: string, state: ActionState): string {
  const box = { open: '[ ]', done: '[x]', dropped: '[-]' }[state]
  const [mark, bullet = mark, letter] = ITEM.exec(line) ?? [/^\s*/.exec(line)?.[0] ?? '']
  if (letter !== undefined) return mark.replace(/\\?\[[ xX-]?\\?\]/, box) + line.slice(mark.length)
  return state === 'open' && mark === bullet ? line : `${bullet}${box} ${line.slice(mark.length)}`
}

/* What became of the actions of earlier rounds. The box changes in their own notes; what happened goes into the new ones. */

/** `Share the survey (Ana, by Jan 15)` */
export function actionText({ what, who, when }: Pick<EarlierAction, 'what' | 'who' | 'when'>): string {
  const aside = [who, when].filter(part => part !== '').join(', ')
  return aside === '' ? what : `${what} (${aside})`
}

/** Notes of a round have the day on which the next one began in their name; people may call them otherwise. */
export function roundName(since?: string): string {
  if (since === undefined) return 'this round'
  if (!/^\d{4}-\d\d-\d\d$/.test(since)) return since
  return `until ${new Date(since).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' })}`
}

export const STATE_NAMES = { done: 'done', dropped: 'dropped', open: 'still open' } as const

/** What became of an action, and what happened. */
export interface Outcome {
  action: EarlierAction
  state: ActionState
  note: string
}

/** An answer with a line for each of which something is said. It is no action of the answer's own. */
export function withOutcomes(answer: string, outcomes: readonly Outcome[]): string {
  const lines = answer === '' ? [] : answer.split('\n')
  for (const { action, state, note } of outcomes) {
    const line = `- ${capitalized(STATE_NAMES[state])}: ${action.what}. ${note.replace(/\s+/g, ' ').trim()}`
    if (note.trim() !== '' && !lines.includes(line)) lines.push(line)
  }
  return lines.join('\n')
}
