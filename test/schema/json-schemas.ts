import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import * as z from 'zod/mini'
import { guideSchema } from '../../src/schema/guide.ts'
import { planSchema } from '../../src/schema/plan.ts'
import { ROOT } from '../support/place.ts'

/** What editors show beside each field, by its path without the lists. */
const EXPLAINED: Record<string, Record<string, string>> = {
  guide: {
    id: 'A lasting id: lowercase letters and digits, joined by . _ or -. Notes name their guide by it.',
    name: 'A short name. Notes files are named after it, such as equity-notes.md.',
    language: 'The language of the texts, such as en, es or zh-Hant. If left out: en.',
    title: 'The title of the guide, on one line.',
    subtitle: 'A line under the title.',
    standard: 'What the guide is about, in a word or two. If left out: the title.',
    source: 'Whose texts these are. Every export names it.',
    labels: 'Our own words in documents, for the language or the subject of the guide.',
    'labels.story': 'The side of an element that is about the story: the story.',
    'labels.comparison': 'The other side: your PL system.',
    'labels.of': 'As in: 1 of 3.',
    'labels.open': 'Where nothing was written: Not answered yet.',
    overview: 'What people read first. A blank line in a ">-" block starts a new paragraph.',
    warmup: 'What is read and asked before the story.',
    stories: 'What is asked about the story, and about the reader’s own system beside it.',
    action: 'What is asked last: what to do next.',
    'stories.elements': 'The parts of the standard, in order.',
    'stories.elements.id': 'Such as a. Not warmup, story, comparison, action or previous-actions.',
    'stories.elements.framing': 'What leads up to the questions of this element.',
    'stories.elements.story': 'Questions about the story people watch.',
    'stories.elements.lead-in': 'What leads up to the questions about the reader’s own system.',
    'stories.elements.comparison': 'Questions about the reader’s own system.',
    'stories.elements.comparison.compares': 'The id of the story question it belongs to.',
    'stories.videos': 'The story itself, to watch.',
  },
  walkthrough: {
    title: 'The title of the plan.',
    guide: 'The id of the guide. A plan without it suits any guide.',
    minutes: 'The minutes of all steps.',
    materials: 'What has to be there.',
    roles: 'Who does what at a table.',
    norms: 'How people want to talk with each other.',
    groups: 'The tables, each perhaps with the element it is asked about.',
    'groups.label': 'The name of the group. Its notes file is named after it.',
    'groups.element': 'An element of the guide: its id, or its place, such as 2.',
    steps: 'What happens, in order.',
    'steps.minutes': 'How long the step takes.',
    'steps.cut': 'The minutes the step gets when time is short; 0 drops it.',
    'steps.say': 'What the facilitator says. Filled in: {minutes}, {groups}, {guide}, {standard}.',
    'steps.notes': 'For the facilitator only.',
    'steps.ask':
      'Parts of the guide: the id of a question or an element, a kind such as story, a.story, or previous-actions.',
    'steps.mode': 'What the room does: read, write, watch or discuss.',
    'steps.protocol': 'The name of a way to talk, such as think-pair-share.',
    'steps.probes': 'For the facilitator only: questions that keep a conversation going.',
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

/** The schema for editors, made from the schema that `check` uses. */
export function schemaText(what: 'guide' | 'walkthrough'): string {
  const schema = z.toJSONSchema(what === 'guide' ? guideSchema : planSchema, {
    target: 'draft-7',
    io: 'input',
  })
  explain(schema as Node, EXPLAINED[what] ?? {}, '')
  return `${JSON.stringify({ title: `A ${what} for pl-stories`, ...schema }, null, 2)}\n`
}

export const schemaFile = (what: string) => join(ROOT, 'guide', `${what}.schema.json`)

/** Whether the committed schema accepts a YAML text, as an editor sees it. */
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
