import { basename, dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../domain/errors.ts'
import { SHIPPED, shippedGuideText, starterText } from '../storage/catalog.ts'
import { commandLine } from '../storage/invocation.ts'
import type { Common } from '../storage/locate.ts'
import { tell } from '../storage/tell.ts'
import { shippedPlanText } from '../storage/walkthroughs.ts'
import { createFile } from './new-file.ts'
import { copiedGuide, starterGuide, withSchema } from './starter.ts'

export interface NewOptions extends Common {
  from?: string | undefined
  plan?: string | undefined
}

/** Begins a guide or a plan of one's own. A file that stands there is kept. */
export async function newFile(path: string, { from, plan }: NewOptions): Promise<number> {
  if (from !== undefined && plan !== undefined)
    throw new UserError('--from and --plan exclude each other: a guide, or a plan?')
  if (!/[^/\\]\.ya?ml$/i.test(path))
    throw new UserError(
      `A guide or a plan is a YAML file: name it ${path.replace(/\.[^./\\]*$/, '') || 'my-guide'}.yaml, for example.`,
    )
  await createFile(path, withSchema(await textOf(path, { from, plan }), schemaFor(path, plan)))
  tell(`${path}: created\nCheck it: ${commandLine(['check', path])}\nTry it: ${tried(path, plan)}`)
  return 0
}

async function textOf(path: string, { from, plan }: NewOptions): Promise<string> {
  const file = basename(path)
  if (plan !== undefined) return shippedPlanText(plan)
  if (from !== undefined) return copiedGuide(await shippedGuideText(from), file, from)
  return starterGuide(await starterText(), file)
}

/** Editors complete and underline what a schema describes; they find ours from where the new file stands. */
function schemaFor(path: string, plan: string | undefined): string {
  const schema = resolve(SHIPPED, plan === undefined ? 'guide.schema.json' : 'walkthrough.schema.json')
  const from = relative(dirname(resolve(path)), schema).replaceAll('\\', '/')
  return /^\w:/.test(from) ? pathToFileURL(schema).href : encodeURI(from)
}

const tried = (path: string, plan: string | undefined) =>
  commandLine(plan === undefined ? ['--guide', path] : ['facilitate', path])
