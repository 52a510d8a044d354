/** A small guide without a problem. */
export const SOUND = `id: xx-design
name: design
language: en
title: Design and Structure
source:
  publisher: Somebody
  url: https://example.org/guide
warmup:
  title: Warmup
  questions:
    - id: warmup
      text: What do you expect?
stories:
  title: The Story
  videos:
    - title: A film
      url: https://example.org/film
  elements:
    - id: a
      title: Element A
      story:
        - id: a.story.1
          text: >-
            How do they begin: alone?
        - id: a.story.2
          text: Who takes part?
      comparison:
        - id: a.comparison.1
          compares: a.story.1
          text: How do you begin?
        - id: a.comparison.2
          compares: a.story.2
          text: Who takes part here?
`

/** A small plan for the shipped guide. */
export const PLAN = `title: Our hour
guide: ca-qpls-equity
minutes: 20
groups:
  - label: Table 1
    element: a
  - label: Table 2
    element: b
steps:
  - id: welcome
    minutes: 5
    say: Welcome.
    cut: 2
  - id: talk
    minutes: 15
    mode: discuss
    ask: [warmup, a, b, c, action]
`

export const ANSWERS = `guide: ca-qpls-equity
answers:
  warmup: |-
    Equity comes first.
skipped: [action]
`

export const NOTES = `---
guide: ca-qpls-equity
format: 1
---

# Notes

<!-- answer: warmup -->
Equity comes first.
<!-- /answer -->
`

export interface Break {
  name: string
  text: string | Buffer
  /** The schema that refuses it, too. */
  schema?: 'guide' | 'walkthrough'
  /** Allowed, and perhaps not meant. */
  warning?: true
}

const changed = (whole: string, right: string, wrong: string) => {
  if (!whole.includes(right)) throw new Error(`"${right}" is not in the file`)
  return whole.replace(right, wrong)
}
const guide = (right: string, wrong: string) => changed(SOUND, right, wrong)
const plan = (right: string, wrong: string) => changed(PLAN, right, wrong)

const WARMUP = 'text: What do you expect?'

/** Guides that are not YAML, or that YAML reads otherwise than meant. */
const YAML_BREAKS: readonly Break[] = [
  { name: 'a tab', text: guide('      title: Element A', '\ttitle: Element A') },
  { name: 'an unclosed quote', text: guide(WARMUP, 'text: "What do you expect?') },
  {
    name: 'a quote closed far below',
    text: guide(WARMUP, "text: 'What do you expect?").replace('Who takes', "'Who' takes"),
  },
  { name: 'an apostrophe within quotes', text: guide(WARMUP, "text: 'What's this?'") },
  { name: 'words after quotes', text: guide(WARMUP, 'text: "Expect" what?') },
  { name: 'a colon in a line', text: guide(WARMUP, 'text: Expect: what?') },
  { name: 'a colon that makes a map', text: guide(WARMUP, 'text:\n        Expect: what?'), schema: 'guide' },
  { name: 'a word in stars', text: guide(WARMUP, 'text: *What* do you expect?') },
  { name: 'an at sign in front', text: guide(WARMUP, 'text: @home, what?') },
  { name: 'an exclamation mark in front', text: guide(WARMUP, 'text: !What do you expect?') },
  { name: 'a bracket in front', text: guide(WARMUP, 'text: [sic what do you expect?') },
  { name: 'a dash in front', text: guide(WARMUP, 'text: - what?') },
  { name: 'a text in the wrong column', text: guide(WARMUP, 'text: >-\n  What do you expect?') },
  { name: 'no space after a colon', text: guide('name: design', 'name:design') },
  { name: 'a field in another column', text: guide('      title: Element A', '       title: Element A') },
  { name: 'a second document', text: guide('stories:', '---\nstories:') },
  { name: 'a bare true', text: guide(WARMUP, 'text: true'), schema: 'guide' },
  { name: 'null', text: guide(WARMUP, 'text: null'), schema: 'guide' },
  { name: 'nothing after a colon', text: guide(WARMUP, 'text:'), schema: 'guide' },
  { name: 'a number', text: guide(WARMUP, 'text: 2030'), schema: 'guide' },
  {
    name: 'a dash forgotten',
    text: guide(
      '        - id: a.comparison.2\n          compares: a.story.2',
      '          id: a.comparison.2\n          compares: a.story.2',
    ),
  },
  { name: 'a field twice', text: guide('language: en', 'language: en\nlanguage: es') },
  {
    name: 'an alias bomb',
    text: `id: &a [x, x, x]\nname: &b [*a, *a, *a]\nstories: [${'*b, '.repeat(30)}]\n`,
  },
  { name: 'nested too deep', text: `id: ${'['.repeat(4_000)}\nstories: x\n` },
  { name: 'an anchor before a text', text: guide(WARMUP, 'text: &c Who decides?') },
  { name: 'an exclamation mark alone', text: guide(WARMUP, 'text: ! Who decides?') },
  { name: 'words after a block sign', text: guide(WARMUP, 'text: | What do you expect?') },
  { name: 'tabs all over', text: SOUND.replace(/^(?: {2})+/gm, indent => '\t'.repeat(indent.length / 2)) },
  { name: 'a tab after a colon', text: guide(WARMUP, 'text:\tExpect: what?') },
  { name: 'a field without a colon', text: guide('title: Warmup', 'title Warmup') },
  {
    name: 'colons in a text of several lines',
    text: guide(WARMUP, 'text: Expect: what?\n        And more: this?\n        And so: on?'),
  },
  {
    name: 'a colon in the second line of a text',
    text: guide(WARMUP, 'text: What do you expect\n        of this: more?\n        And so: on?'),
  },
  {
    name: 'a text with a colon in the wrong column',
    text: guide('  How do they begin', 'How do they begin'),
    schema: 'guide',
  },
  {
    name: 'a text of several lines in the wrong column',
    text: guide(WARMUP, 'text: >-\n  What do you\n  expect of\n  this?'),
  },
  {
    name: 'bullets for dashes',
    text: SOUND.replace(/^( +)- (?=id: a\.)/gm, '$1• '),
  },
  { name: 'a long dash for a dash', text: guide('    - id: warmup', '    – id: warmup') },
  { name: 'a number for a dash', text: guide('    - id: warmup\n      ', '    1. id: warmup\n       ') },
  { name: 'a dash that touches its name', text: guide('    - id: warmup', '    -id: warmup') },
  { name: 'a tab after a dash', text: guide('    - id: warmup', '    -\tid: warmup') },
  { name: 'a no-break space after a colon', text: guide('  title: Warmup', '  title:\u00a0Warmup') },
  { name: 'no-break spaces before a field', text: guide('  title: Warmup', '\u00a0\u00a0title: Warmup') },
  { name: 'an invisible character', text: guide('  title: Warmup', '\u200b  title: Warmup') },
  {
    name: 'an item in another column',
    text: guide('        - id: a.story.2\n          text', '         - id: a.story.2\n           text'),
  },
  {
    name: 'a comment before a wrong column',
    text: guide('      title: Element A', '      # its title\n       title: Element A'),
  },
  { name: 'the first line further right', text: `  ${SOUND}` },
  { name: 'words before everything', text: `The guide of our county\n${SOUND}` },
  { name: 'a line of dots', text: guide('warmup:\n', '...\nwarmup:\n') },
  { name: 'the fence of a web page', text: `\`\`\`yaml\n${SOUND}\`\`\`\n` },
  { name: 'the first field of a part at the margin', text: guide('  title: Warmup', 'title: Warmup') },
  { name: 'a block sign the wrong way round', text: guide('text: >-', 'text: ->') },
  { name: 'a block sign in curly quotes', text: guide('text: >-', 'text: “>-”') },
  { name: 'a semicolon after a name', text: guide('  title: Warmup', '  title; Warmup') },
  { name: 'a wide colon', text: guide('  title: Warmup', '  title：Warmup') },
  {
    name: 'no-break spaces all over',
    text: SOUND.replace(/^(?: {2})+/gm, indent => indent.replaceAll('  ', '\u00a0\u00a0')),
  },
  { name: 'no name before a colon', text: guide('language: en', ': en'), schema: 'guide' },
  { name: 'a field one space short', text: guide('      title: Element A', '     title: Element A') },
]

const GUIDES: Break[] = [
  { name: 'a misspelled field', text: guide('elements:', 'elemnts:'), schema: 'guide' },
  { name: 'an unknown field', text: guide('name: design', 'name: design\nauthor: Me'), schema: 'guide' },
  { name: 'a missing id', text: guide('- id: a.story.2\n          text', '- text'), schema: 'guide' },
  {
    name: 'questions without names',
    text: guide('    - id: warmup\n      text: What do', '    - What do'),
    schema: 'guide',
  },
  {
    name: 'a part at the margin',
    text: SOUND.replace(/ {2}elements:[\s\S]*/, all => all.replace(/^ {2}/gm, '')),
    schema: 'guide',
  },
  { name: 'questions in place of story', text: guide('      story:', '      questions:'), schema: 'guide' },
  {
    name: 'words in place of an id',
    text: guide('compares: a.story.2', 'compares: Who else?'),
    schema: 'guide',
  },
  { name: 'an id in brackets', text: guide('compares: a.story.2', 'compares: [a.story.2]'), schema: 'guide' },
  { name: 'a text that is a comment', text: guide(WARMUP, 'text: #1 of all?'), schema: 'guide' },
  { name: 'the id of a shipped guide', text: guide('id: xx-design', 'id: ca-qpls-equity'), warning: true },
  { name: 'a plural', text: guide('      story:', '      stories:'), schema: 'guide' },
  { name: 'a number for an id', text: guide('id: a.story.2', 'id: 12'), schema: 'guide' },
  { name: 'an empty id', text: guide('id: a.story.2', 'id:'), schema: 'guide' },
  { name: 'a missing title', text: guide('      title: Element A\n', ''), schema: 'guide' },
  {
    name: 'a missing source',
    text: guide('source:\n  publisher: Somebody\n  url: https://example.org/guide\n', ''),
    schema: 'guide',
  },
  { name: 'missing stories', text: SOUND.slice(0, SOUND.indexOf('stories:')), schema: 'guide' },
  {
    name: 'a map that should be a list',
    text: guide('    - id: warmup\n      text', '    warmup:\n      text'),
    schema: 'guide',
  },
  {
    name: 'a text that should be a map',
    text: guide('  publisher: Somebody\n  url: https://example.org/guide', '  Somebody'),
    schema: 'guide',
  },
  { name: 'a malformed id', text: guide('id: a.story.2', 'id: A Story 2'), schema: 'guide' },
  { name: 'an id twice', text: guide('id: a.story.2', 'id: a.story.1') },
  { name: 'an element named like a kind', text: guide('- id: a\n', '- id: story\n') },
  { name: 'an element named like earlier actions', text: guide('- id: a\n', '- id: previous-actions\n') },
  {
    name: 'fields named like what every object has',
    text: guide('name: design', 'name: design\nconstructor: x\n__proto__: y').replace(
      'title: Warmup',
      'title: Warmup\n  toString: z\n  hasOwnProperty: z',
    ),
    schema: 'guide',
  },
  {
    name: 'an unknown label',
    text: guide('name: design', 'name: design\nlabels:\n  stroy: x'),
    schema: 'guide',
  },
  { name: 'a number with zeros', text: guide(WARMUP, 'text: 007'), schema: 'guide' },
  { name: 'a number that looks rounded', text: guide(WARMUP, 'text: 2.50'), schema: 'guide' },
  {
    name: 'other line ends than YAML has',
    text: guide(WARMUP, 'text: "What\u2028title; is\u2029this?"').replace('id: a.story.2', 'id: A.2'),
    schema: 'guide',
  },
  {
    name: 'a first line that leads nowhere',
    text: `# yaml-language-server: $schema=../gone%20by/guide.schema.json\n${SOUND}`,
    warning: true,
  },
  { name: 'a comparison with nothing', text: guide('compares: a.story.2', 'compares: a.stroy.2') },
  { name: 'a comparison with a comparison', text: guide('compares: a.story.2', 'compares: a.comparison.1') },
  { name: 'an empty text', text: guide(WARMUP, 'text: " "'), schema: 'guide' },
  {
    name: 'no address',
    text: guide('url: https://example.org/film', 'url: example.org/film'),
    schema: 'guide',
  },
  {
    name: 'an address that is a script',
    text: guide('url: https://example.org/film', "url: 'javascript:alert(1)'"),
    schema: 'guide',
  },
  { name: 'a language in words', text: guide('language: en', 'language: Spanish'), schema: 'guide' },
  { name: 'an unknown language', text: guide('language: en', 'language: xx') },
  { name: 'a language that few know', text: guide('language: en', 'language: mxv'), warning: true },
  {
    name: 'no question at all',
    text: 'id: x\nname: x\ntitle: X\nsource:\n  publisher: X\nstories:\n  title: X\n  elements: []\n',
  },
  {
    name: 'many things at once',
    text: guide('language: en', 'langage: en')
      .replace('id: a.story.2', 'id: a.story.1')
      .replace('Element A', '5'),
    schema: 'guide',
  },
  {
    name: 'a story question without comparison',
    text: guide('          compares: a.story.2\n', '          compares: a.story.1\n'),
    warning: true,
  },
  {
    name: 'an element without comparisons',
    text: SOUND.slice(0, SOUND.indexOf('      comparison:')),
    warning: true,
  },
  {
    name: 'a comparison that names no story question',
    text: guide('          compares: a.story.2\n', ''),
    warning: true,
  },
  {
    name: 'an over-long question',
    text: guide(WARMUP, `text: ${'What do you expect? '.repeat(40)}`),
    warning: true,
  },
  {
    name: 'a field that belongs to the text above',
    text: guide(
      '            How do they begin: alone?\n',
      '            How do they begin: alone?\n            text: What then?\n',
    ),
    warning: true,
  },
  {
    name: 'a comment within a text',
    text: guide('begin: alone?', 'begin: alone?\n            # To do: more'),
    warning: true,
  },
  {
    name: 'a list joined into one paragraph',
    text: guide('begin: alone?', 'begin:\n            - alone?\n            - together?'),
    warning: true,
  },
  {
    name: 'an element without questions',
    text: SOUND.replace(/ {6}story:[\s\S]*/, '      framing: How they begin.\n'),
    warning: true,
  },
  {
    name: 'a title twice',
    text: guide('  elements:', '  elements:\n    - id: z\n      title: Element A\n      framing: Why?'),
    warning: true,
  },
  {
    name: 'a text cut by a comment',
    text: guide(WARMUP, 'text: Are you our #1 reader?'.replace('our #', 'our no. #')),
    warning: true,
  },
]

const PLANS: Break[] = [
  { name: 'a misspelled field of a plan', text: plan('steps:', 'stpes:'), schema: 'walkthrough' },
  { name: 'minutes in words', text: plan('minutes: 20', 'minutes: twenty'), schema: 'walkthrough' },
  { name: 'minutes that do not add up', text: plan('minutes: 20', 'minutes: 30') },
  { name: 'no minutes', text: plan('    minutes: 5\n', ''), schema: 'walkthrough' },
  { name: 'minutes below 0', text: plan('minutes: 5', 'minutes: -5'), schema: 'walkthrough' },
  { name: 'an unknown mode', text: plan('mode: discuss', 'mode: discus'), schema: 'walkthrough' },
  { name: 'a part that the guide does not have', text: plan('[warmup, a,', '[warmup, a.stroy, a,') },
  {
    name: 'parts that are not a list',
    text: plan('ask: [warmup, a, b, c, action]', 'ask: {a: b}'),
    schema: 'walkthrough',
  },
  {
    name: 'a number among parts',
    text: plan('[warmup, a, b, c, action]', '[warmup, a, b, c, 20]'),
    schema: 'walkthrough',
  },
  { name: 'parts without brackets', text: plan('[warmup, a, b, c, action]', 'warmup, a, b, c, action') },
  { name: 'a step twice', text: plan('- id: talk', '- id: welcome') },
  { name: 'a step without an id', text: plan('- id: talk\n    minutes', '- minutes'), schema: 'walkthrough' },
  { name: 'a group twice', text: plan('label: Table 2', 'label: table 1') },
  { name: 'an empty label', text: plan('label: Table 2', 'label: ""'), schema: 'walkthrough' },
  { name: 'a group named like the room itself', text: plan('label: Table 2', 'label: Room') },
  { name: 'an element that the guide does not have', text: plan('element: b', 'element: d') },
  { name: 'a cut longer than its step', text: plan('cut: 2', 'cut: 6') },
  { name: 'a cut below 0', text: plan('cut: 2', 'cut: -2'), schema: 'walkthrough' },
  { name: 'no steps', text: `${PLAN.slice(0, PLAN.indexOf('steps:'))}steps: []\n`, schema: 'walkthrough' },
  { name: 'an unknown guide', text: plan('ca-qpls-equity', 'ca-qpls-equty') },
  { name: 'an unknown word in braces', text: plan('say: Welcome.', 'say: Welcome, {goups} of {standard}.') },
  {
    name: 'a word to fill in outside of what is said',
    text: plan('label: Table 2', 'label: Table 2 of {groups}'),
    warning: true,
  },
  {
    name: 'minutes in a text that the plan does not have',
    text: plan('say: Welcome.', 'say: Welcome. For the next hour we talk.'),
    warning: true,
  },
  {
    name: 'groups in a text that the plan does not have',
    text: plan('say: Welcome.', 'say: Welcome, all three tables.'),
    warning: true,
  },
  {
    name: 'a guide by name in a plan for any guide',
    text: plan('guide: ca-qpls-equity\n', '').replace('Our hour', 'Our Equity hour'),
    warning: true,
  },
  { name: 'a question that no step asks', text: plan(', action]', ']'), warning: true },
]

const OTHERS: Break[] = [
  { name: 'an answer to no question', text: changed(ANSWERS, 'warmup:', 'warmpu:') },
  { name: 'an answer that is not text', text: changed(ANSWERS, '|-\n    Equity comes first.', '5') },
  { name: 'answers to an unknown guide', text: changed(ANSWERS, 'ca-qpls-equity', 'ca-qpls-data') },
  { name: 'answers to a guide not quite here', text: changed(ANSWERS, 'ca-qpls-equity', 'ca-qpls-equty') },
  { name: 'answers without their heading', text: changed(ANSWERS, 'answers:\n  warmup', 'warmup') },
  {
    name: 'an answer that belongs to the one above',
    text: changed(ANSWERS, 'Equity comes first.', 'Equity comes first.\n    a.story.1: They meet.'),
    warning: true,
  },
  {
    name: 'answers under ids that are numbers and names of methods',
    text: changed(
      ANSWERS,
      '  warmup: |-',
      '  1.10: One.\n  constructor: Two.\n  __proto__: Three.\n  warmup: |-',
    ),
  },
  { name: 'answers without a guide', text: changed(ANSWERS, 'guide: ca-qpls-equity\n', '') },
  { name: 'an answer that is skipped', text: changed(ANSWERS, '[action]', '[warmup]') },
  { name: 'an answer without an end', text: changed(NOTES, '<!-- /answer -->\n', '') },
  { name: 'an end without an answer', text: `${NOTES}\n  <!-- /answer -->\n` },
  { name: 'an answer twice', text: NOTES + NOTES.slice(NOTES.indexOf('<!--')) },
  { name: 'something like a mark', text: `${NOTES}\n<!-- answer a.story.1 -->\n` },
  { name: 'notes on an unknown guide', text: changed(NOTES, 'ca-qpls-equity', 'ca-qpls-equity2') },
  {
    name: 'a mark with changed punctuation',
    text: changed(NOTES, '<!-- answer: warmup -->', '‹!— answer: warmup —>'),
  },
  {
    name: 'a mark without spaces',
    text: changed(NOTES, '<!-- answer: warmup -->', '<!--answer: warmup-->'),
  },
  {
    name: 'marks escaped as Markdown',
    text: NOTES.replaceAll('<!--', '\\<!--').replaceAll('-->', '--\\>'),
  },
  { name: 'notes with an unknown order', text: changed(NOTES, 'format: 1', 'format: 1\norder: watchfirst') },
  { name: 'notes limited to an unknown part', text: changed(NOTES, 'format: 1', 'format: 1\nonly: [z]') },
  { name: 'front matter that cannot be read', text: changed(NOTES, 'format: 1', 'format: [1') },
  {
    name: 'notes with an unknown question',
    text: changed(NOTES, 'answer: warmup', 'answer: warm-up'),
    warning: true,
  },
  { name: 'front matter without an end', text: changed(NOTES, 'format: 1\n---\n', 'format: 1\n') },
  { name: 'not one of our files', text: 'Dear all,\nhere is the guide.\n' },
  { name: 'an empty file', text: '' },
  {
    name: 'a byte order mark, and a problem in the first line',
    text: `\ufeff${guide('id: xx-design', 'id: XX')}`,
    schema: 'guide',
  },
  {
    name: 'lines that end as on Windows',
    text: guide('id: a.story.2', 'id: A.2').replaceAll('\n', '\r\n'),
    schema: 'guide',
  },
  {
    name: 'Latin-1',
    text: Buffer.from(
      guide('publisher: Somebody', 'publisher: Ministère de l’Éducation'.replace('’', "'")),
      'latin1',
    ),
  },
  {
    name: 'Latin-1 in the last letter',
    text: Buffer.from(`${SOUND}# Fin d’été: é`.replaceAll('’', "'"), 'latin1'),
  },
  {
    name: 'JSON in one line without a comma',
    text: '{"guide":"ca-qpls-equity" "answers":{"warmup":"Yes."}}',
  },
  {
    name: 'JSON without a comma',
    text: JSON.stringify({ guide: 'ca-qpls-equity', answers: { warmup: 'Yes.' } }, null, 2).replace(
      '",',
      '"',
    ),
  },
  { name: 'UTF-16', text: Buffer.from(`\ufeff${SOUND}`, 'utf16le') },
]

export const BREAKS: readonly Break[] = [...YAML_BREAKS, ...GUIDES, ...PLANS, ...OTHERS]
