/*
 * A look before sharing: what looks like student information. It reads patterns, not meaning, so it finds neither
 * names nor stories that tell who somebody is, and it says so.
 */

export type Look =
  | 'an ID number'
  | 'a Social Security number'
  | 'a birth date'
  | 'an e-mail address'
  | 'a telephone number'
  | 'a count of 10 or fewer in a student group'

/** What a line looks like it holds. Lines count from 1. */
export interface PiiMatch {
  line: number
  looks: Look[]
}

/** Said once after all matches. */
const EXPLANATION =
  'Check these places before you share this: remove anything that could identify a student. Counts of 10 or fewer ' +
  "students in a group should usually be suppressed. This check ran on your computer. It can't find everything (such as " +
  'names), and it changes nothing.'
const WITHOUT = ' To turn it off: --no-privacy-check'

/** `table-4.md:87: looks like a telephone number`, one line per match. */
export const piiWarnings = (name: string, sightings: readonly PiiMatch[]): string[] =>
  sightings.map(({ line, looks }) => `${name}:${line}: looks like ${looks.join(' and ')}`)

/** All matches and an explanation, as lines; none without matches. `asked`: whether an option can turn the check off. */
export const privacyWarning = (lines: readonly string[], asked = true): string[] =>
  lines.length === 0 ? [] : [...lines, EXPLANATION + (asked ? WITHOUT : '')]

/**
 * The lines of a text that look like student information. `firstLine` is the number of the text's first line.
 *
 * Measured on sentences as educators write them (test/privacy-sentences.ts): of 40 that were made up after the last
 * change to the patterns, 13 of 16 places were found, with 1 false alarm in 24 sentences without student information;
 * of all 224, 89 of 93, with 1 in 132.
 */
export function findStudentInformation(text: string, firstLine = 1): PiiMatch[] {
  const found: PiiMatch[] = []
  let columns: Columns = []
  for (const [at, whole] of text.split('\n').entries()) {
    // Digits in addresses of pages are no one's number.
    const line = whole.replace(/\b(?:https?:\/\/|www\.)\S+/gi, ' ')
    const cells = line
      .replaceAll('|', '\t')
      .split('\t')
      .map(cell => cell.trim())
    const looks = new Set([...inSentence(line), ...inCells(cells, columns)])
    if (looks.size > 0) found.push({ line: firstLine + at, looks: [...looks] })
    columns = cells.length < 2 ? [] : columns.length > 0 ? columns : columnsOf(cells)
  }
  return found
}

const NUMBERS = 'zero|one|two|three|four|five|six|seven|eight|nine|ten'
const MONTH =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic)[a-zé]*\\.?|enero|febrero|marzo|mayo|junio|julio|septiembre|octubre|noviembre'
const DATE = `(?:\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}|\\d{4}-\\d{2}-\\d{2}|(?:${MONTH}) \\d{1,2}\\b|\\d{1,2} (?:de )?(?:${MONTH}))`
const BIRTH =
  '(?<!\\p{L})(?:DOB|D\\.O\\.B\\.|born|birth ?dates?|b(?:irth)?-?days?|dates? of birth|naci(?:ó|do|da|miento)|cumpleaños)(?!\\p{L})'
const PHONE_WORD =
  /(?<!\p{L})(?:(?:tele)?phones?|tel|cell|mobile|calls?|text|fax|tel[eé]fonos?|celular|m[oó]vil)(?!\p{L})/iu
const ID_WORD =
  '(?:\\bSSIDs?|\\bIDs?|\\b(?:student|pupil|perm|lunch)\\s*(?:number|no\\b\\.?|#))(?:\\b|(?<=[.#]))'
/** Before an "ID" or a long number: words that tell it is not a person's. */
const OTHER_NUMBER =
  '(?:meeting|zoom|webinar|event|course|access|conference|grant|award|contract|invoice|order|PO|code|CDS|ISBN|doi|PMID|No Child)'

/** Adjectives of the student groups of California's reports, and of others that name few students. */
const OF_GROUP = [
  '(?:long-term )?English[- ]learner|ELL?|LTEL|RFEP|newcomer|migrant|refugee|immigrant|undocumented|(?:emergent )?bilingual|multilingual',
  'homeless|unhoused|McKinney-Vento|foster|special[- ]ed(?:ucation)?|SPED|SWD|IEP|504|disabled|autistic|deaf|gifted',
  'low-income|(?:socioeconomically )?disadvantaged|SED|Black|African[- ]American|Latin[oaxeé]|Hispanic|Chican[oax]',
  'Native(?: American)?|American Indian|Alaska Native|Indigenous|Mixtec[oa]?|Asian(?: American)?|Filipin[oax]|Hmong|Vietnamese|Chinese|Korean',
  '(?:Native Hawaiian|Pacific Islander|Samoan|Tongan)|Punjabi|Sikh|Arab|Muslim|Jewish|Afghan|Ukrainian|White|multiracial|biracial',
  'LGBTQ\\w*\\+?|trans(?:gender)?|queer|gay|non-?binary',
].join('|')
const PERSON =
  '(?:students?|pupils?|learners?|kids?|child(?:ren)?|youths?|teens?|boys?|girls?|scholars?|seniors?|juniors?|sophomores?|freshm[ae]n|kindergart[en]+ers?|(?:\\w+[- ])?graders?)'
const IN_GROUP =
  '(?:in foster care|with (?:an? )?(?:disabilit|IEP|504)|on (?:an? )?(?:IEP|504)|experiencing homelessness|who (?:is|are|was|were) (?:homeless|unhoused|undocumented|in foster))'
const MEMBERS = [
  `(?:(?:${OF_GROUP}|\\w+[- ]speaking|male|female) ){1,3}${PERSON}`,
  `${PERSON} ${IN_GROUP}\\w*(?: plans?)?`,
  'English[- ]learners?|ELL?s|LTELs?|RFEPs?|SWDs?|newcomers?|emergent bilinguals|African Americans|Latin[oa]s|Pacific Islanders|Filipinos|girls?|boys?',
].join('|')
/** What may stand between a count and its group: "4 of our 12 new English learners". */
const BETWEEN =
  '(?:(?:out )?of|our|the|these|those|my|her|his|their|all|new|newly|recent|other|identified|current|former|only|young|older|male|female|long-term|recently|arrived|enrolled|suspended|expelled|referred|retained|chronically|absent|\\d+(?:st|nd|rd|th)?[- ]?(?:graders?|grade)?|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)[- ]grade|' +
  `${NUMBERS})`
/** After a group: what makes it a word for adults or things, as in "two English learner specialists". */
const NOT_STUDENTS =
  "(?!['’]?s?[ -](?:specialist|teacher|educator|coordinator|liaison|coach|program|service|counselor|aide|staff|lead\\b|leader|team|plan|roadmap|polic|strateg|section|class|course|site|school|data\\b|standard|framework|group|support|summit|advis|committee|parent|famil|PL\\b|PD\\b|module|author|book|case|stor(?:y|ies)\\b|shadow|train|session|meeting|goal|index|categor))"
/** Before a number: what makes it a name, a ratio, a time or a limit and no count. */
const NOT_COUNTED =
  '(?<![\\w.,:$#/–-]|\\b(?:grades?|levels?|tiers?|(?<!(?:last|this|next|past|school) )years?|periods?|rooms?|tables?|groups?|cohorts?|goals?|titles?|phases?|stages?|standards?|questions?|pages?|steps?|parts?|units?|chapters?|weeks?|days?|quarters?|elements?|actions?|sections?|slides?|options?|priority|number|props?\\w*|TK|no|each|every|any|in|per|for every|of every|out of) |\\bgrades? \\S{1,4} (?:and|or|to|through|&) )'

const COUNT = `${NOT_COUNTED}(?<!(?:fewer|less|more|under|over|at|least|most|than) (?=10|ten))(?:(?:\\d ?[–-] ?)?(?:10|\\d)|${NUMBERS}|an? (?:single|lone)|the only)`
const LONG_NUMBER = /\d[ .-]?\d\d\d\d|\+\d/
const COUNT_WORD = new RegExp(`\\b(?:${NUMBERS}|single|lone|only)\\b`, 'i')
/** A count of 10 or fewer in a group: first that the line holds one, then that it holds a group. */
const COUNT_IN_GROUP = [
  new RegExp(`\\b(?:10|\\d)\\b(?<!\\.(?:10|\\d))|${COUNT_WORD.source}`, 'i'),
  new RegExp(`\\b(?:${OF_GROUP}|girl|boy)|disabilit|speaking`, 'i'),
]
/** What a line must hold, at least, for any of the patterns to fit: they are slow, and most lines hold nothing. */
type Search = readonly [look: Look, needs: readonly RegExp[], patterns: readonly RegExp[], unless?: RegExp]

/** Patterns that tell no case apart. */
const anyOf = (...patterns: string[]) => patterns.map(pattern => new RegExp(pattern, 'i'))
const SEARCHES: readonly Search[] = [
  ['an e-mail address', [/@/], [/[\w%+-](?:[\w.%+-]{0,63})@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/i]],
  ['a Social Security number', [LONG_NUMBER], [/(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])/]],
  [
    'an ID number',
    [/\d\d\d\d/, /ID|student|pupil|perm|lunch/i],
    anyOf(
      `(?<!${OTHER_NUMBER}\\s*)${ID_WORD}(?:\\s|number|no\\.|is|was|of|[#:=(])*[A-Z]?\\d{4,10}(?![\\w-])`,
      '\\b(?:student|pupil)s?\\s+#\\s?\\d{4,10}\\b',
    ),
  ],
  [
    'an ID number',
    [LONG_NUMBER],
    anyOf(
      `(?<![\\w.,:$/–-]|${OTHER_NUMBER}\\W{0,3})(?!(?:19|20)\\d\\d[01]\\d[0-3]\\d\\b)\\d{7,10}(?![\\w/–-]|[.,]\\d| (?:students|dollars|people))`,
    ),
    PHONE_WORD,
  ],
  [
    'a telephone number',
    [LONG_NUMBER],
    anyOf(
      `(?<![\\w.$/-]|${OTHER_NUMBER}(?: (?:ID|number|no\\.))?\\W{0,3})(?:\\+?1[ .-]?)?(?:\\([2-9]\\d\\d\\) ?|[2-9]\\d\\d[ .-])[2-9]\\d\\d[ .-]\\d{4}(?![\\w-]|\\.\\d)`,
      '(?<![\\w.])\\+\\d{1,3}(?:[ .-]?\\d{2,4}){3,5}(?!\\w|\\.\\d)',
    ),
  ],
  [
    'a birth date',
    [/D\.?O\.?B|born|birth|b-?day|naci|cumple/i],
    [new RegExp(`${BIRTH}[^.!?]{0,40}?(?<!\\d)${DATE}|${DATE}(?: ?\\(| is \\w+) ?${BIRTH}`, 'iu')],
  ],
  [
    'a count of 10 or fewer in a student group',
    COUNT_IN_GROUP,
    anyOf(`${COUNT} (?:${BETWEEN} ){0,4}(?:${MEMBERS})\\b${NOT_STUDENTS}`),
    /\b(?:\d+|one|two|three) out of (?:2|3|4|5|10|two|three|four|five|ten) /i,
  ],
  [
    'a count of 10 or fewer in a student group',
    COUNT_IN_GROUP,
    anyOf(
      `${COUNT} (?:${BETWEEN} ){0,4}${PERSON} (?:\\w+ ){0,5}(?:are|were|is|was|have|had|has) (?:an? )?(?:${OF_GROUP}|in foster care)s?\\b`,
      `${COUNT} (?:of them )?(?:are|were|is|was) (?:(?:for|from|about) )?(?:${MEMBERS})\\b${NOT_STUDENTS}|\\bof (?:${BETWEEN} ){0,3}(?:${MEMBERS}),? (?:only |just )?(?:${COUNT}) |\\b(?:${MEMBERS}) [\\w’' ]{1,40}: ?(?:10|\\d)\\.?$`,
      `\\b(?:${MEMBERS}|${OF_GROUP}|foster youth) ?(?:[:=|\\t]|,(?=\\d)|\\((?:n ?= ?)?| [–-] )\\s*(?:10|\\d)(?=\\s*(?:[()|\\t;]|,(?! ?\\d)|$|\\.\\s|\\.$))`,
    ),
  ],
  // A number that is a telephone's only in company of a word that says so: "cell: 555-0142".
  [
    'a telephone number',
    [LONG_NUMBER, /(?<![\w.$/-])(?:[2-9]\d\d[-. ]\d{4}|[2-9]\d{9})(?![\w-]|\.\d)/],
    [PHONE_WORD],
  ],
]

function* inSentence(line: string): Generator<Look> {
  if (!/[\d@]/.test(line) && !COUNT_WORD.test(line)) return
  const fits = (pattern?: RegExp) => pattern?.test(line)
  // What several searches need first.
  const lacking = [LONG_NUMBER, COUNT_IN_GROUP[0]].filter(need => !fits(need))
  for (const [look, needs, patterns, unless] of SEARCHES)
    if (!lacking.includes(needs[0]) && needs.every(fits) && patterns.some(fits) && !fits(unless)) yield look
}

/** What the columns of a pasted table hold: told by the head, and in which cells. */
const COLUMNS: readonly { look: Look; heading: RegExp; cell: RegExp }[] = [
  { look: 'an ID number', heading: new RegExp(`${ID_WORD}$`, 'i'), cell: /^[A-Z]?\d{4,10}$/i },
  { look: 'a birth date', heading: new RegExp(BIRTH, 'iu'), cell: new RegExp(`^${DATE}`, 'i') },
  {
    look: 'a count of 10 or fewer in a student group',
    heading: new RegExp(`^(?:${MEMBERS}|${OF_GROUP}|foster youth)$`, 'i'),
    cell: /^(?:10|\d)$/,
  },
]
type Columns = ((typeof COLUMNS)[number] | undefined)[]

const columnsOf = (cells: string[]): Columns =>
  cells.map(cell => COLUMNS.find(({ heading }) => heading.test(cell)))

const inCells = (cells: string[], columns: Columns): Look[] =>
  columns.flatMap((column, i) => (column?.cell.test(cells[i] ?? '') ? [column.look] : []))
