import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import { guideSchema } from '../../src/schema/guide.ts'
import { planSchema } from '../../src/schema/plan.ts'
import { ROOT } from '../support/place.ts'

/** What editors show beside each word, by its path without the lists. */
const EXPLAINED: Record<string, Record<string, string>> = {
  guide: {
    id: 'A lasting id: small letters and digits, joined by . _ or -. Notes name the guide by it.',
    name: 'A short name. Notes are called after it, such as equity-notes.md.',
    language: 'The language of the texts, such as en, es or zh-Hant. Without it: en.',
    title: 'The title of the guide, on one line.',
    subtitle: 'A line under the title.',
    standard: 'What the guide is about, in a word or two. Without it, the title serves.',
    source: 'Whose texts these are. Every export says so.',
    labels: 'Our own words in exports and handouts, in the language of the guide or for its subject.',
    'labels.story': 'The side of an element that is about the story: the story.',
    'labels.comparison': 'The other side: your PL system.',
    'labels.of': 'As in: 1 of 3.',
    'labels.open': 'Where nothing was written: Not answered yet.',
    overview: 'What people read first. A blank line in a ">-" block begins a new paragraph.',
    warmup: 'What is read and asked before the story.',
    stories: 'What is asked about the story, and about the reader’s own system beside it.',
    action: 'What is asked last: what to do next.',
    'stories.elements': 'The parts of the standard, in their order.',
    'stories.elements.id': 'Such as a. Not the name of a kind: warmup, story, comparison, action.',
    'stories.elements.framing': 'What leads to the questions of this element.',
    'stories.elements.story': 'Questions about the story that is watched.',
    'stories.elements.lead-in': 'What leads to the questions about the reader’s own system.',
    'stories.elements.comparison': 'Questions about the reader’s own system.',
    'stories.elements.comparison.compares': 'The id of the story question that it is the counterpart of.',
    'stories.videos': 'The story itself, to be watched.',
  },
  walkthrough: {
    title: 'The title of the plan.',
    guide: 'The id of the guide that it leads through.',
    minutes: 'Of all steps together.',
    materials: 'What has to be there.',
    roles: 'Who does what at a table.',
    norms: 'How people want to talk with each other.',
    groups: 'The tables, each with the element that it is asked about.',
    'groups.label': 'The name of the group; its notes are called after it.',
    'groups.element': 'The id of an element of the guide.',
    steps: 'What happens, in its order.',
    'steps.minutes': 'How long the step takes.',
    'steps.cut': 'The minutes that the step has when time is short; 0 leaves it out.',
    'steps.say': 'For the room: what the facilitator says.',
    'steps.notes': 'For the facilitator alone.',
    'steps.ask': 'Parts of the guide: the id of a question or an element, a kind such as story, or a.story.',
    'steps.mode': 'What the room does: read, write, watch or discuss.',
    'steps.protocol': 'The name of a way to talk, such as think-pair-share.',
    'steps.probes': 'For the facilitator alone: questions that help a talk along.',
  },
}

interface Node {
  description?: string
  properties?: Record<string, Node>
  items?: Node
}

function explain(node: Node, words: Record<string, string>, path: string): void {
  if (node.items) explain(node.items, words, path)
  for (const [name, inner] of Object.entries(node.properties ?? {})) {
    const here = path === '' ? name : `${path}.${name}`
    if (words[here] !== undefined) inner.description = words[here]
    explain(inner, words, here)
  }
}

/** The schema for editors, made from the definition that the checker reads with. */
export function schemaText(what: 'guide' | 'walkthrough'): string {
  const schema = z.toJSONSchema(what === 'guide' ? guideSchema : planSchema, {
    target: 'draft-7',
    io: 'input',
  })
  explain(schema as Node, EXPLAINED[what] ?? {}, '')
  return `${JSON.stringify({ title: `A ${what} for pl-stories`, ...schema }, null, 2)}\n`
}

export const schemaFile = (what: string) => join(ROOT, 'guide', `${what}.schema.json`)

/** Whether the committed schema accepts a YAML text, as an editor would see it. */
export const accepts = (what: 'guide' | 'walkthrough', text: string) =>
  acceptsValue(what, parse(text, { logLevel: 'silent' }))

export function acceptsValue(what: 'guide' | 'walkthrough', value: unknown): boolean {
  return compiled(what)(value)
}

const validators = new Map<string, ValidateFunction>()

function compiled(what: string): ValidateFunction {
  const known = validators.get(what)
  if (known) return known
  const made = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(schemaFile(what), 'utf8')))
  validators.set(what, made)
  return made
}
