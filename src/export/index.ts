import type { Guide } from '../guide.ts'
import type { Notes } from '../notes.ts'
import { answersJson } from './json.ts'
import { answersYaml } from './yaml.ts'

/** What notes can be turned into. */
export const FORMATS = {
  json: (guide: Guide, notes: Notes) => answersJson(guide, notes.answers),
  yaml: (guide: Guide, notes: Notes) => answersYaml(guide, notes.answers),
}

export type Format = keyof typeof FORMATS
