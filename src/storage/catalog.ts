import fs from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import about from '../../package.json' with { type: 'json' }
import { didYouMean, oneOf, problemsError, type Source, UserError } from '../domain/errors.ts'
import { type Guide, hashOf, meantGuide } from '../domain/guide.ts'
import { dealt, type Plan } from '../domain/plan.ts'
import { holdsMark } from '../notes/markers.ts'
import { buildGuide } from '../schema/build-guide.ts'
import type { GuideForm } from '../schema/guide.ts'
import { attempt, namesIn, specialAt } from './atomic-file.ts'
import { readJson, readText } from './io.ts'
import { cacheFolder } from './state.ts'

/** The folder of the shipped guides: two levels up both from here and from the bundle in dist/lib. */
export const SHIPPED = join(import.meta.dirname, '../../guide')
/** The short name of the guide that is meant where none is named; its file and its notes are called after it. */
export const FIRST_GUIDE = 'equity'
/** What the build made of the shipped guides, by their files. */
const PREPARED = join(import.meta.dirname, '../../dist/guides.json')

export interface GuideFile {
  guide: Guide
  path: string
}

/** @throws UserError if there is no such file, or it is not a guide. */
async function guideAt(path: string, known?: string): Promise<GuideFile> {
  const text = known ?? (await readText(path))
  if (text !== undefined) return { guide: await checked(text, path), path }
  const meant = fs.existsSync(`${path}.yaml`) ? `Did you mean "${path}.yaml"?` : shippedHint(path)
  throw new UserError(`There is no guide at ${path}. ${meant}`)
}

/** A shipped guide as the build has checked it, if nobody has changed it since; any other is checked now. */
async function checked(text: string, path: string): Promise<Guide> {
  const isShipped = resolve(dirname(path)) === resolve(SHIPPED)
  const prepared: Prepared = isShipped ? JSON.parse((await readText(PREPARED)) ?? '{}') : {}
  const known = prepared[basename(path)]
  const kept = known?.text === text ? buildGuide(known.form) : cachedGuide(text, path)
  if (kept) return kept
  const source = { name: path, text }
  assertNoNotes(source, 'guide')
  const { value: form, problems } = (await import('../schema/guide.ts')).examineGuide(source)
  if (!form) throw problemsError(problems, source)
  cacheGuide({ text, form }, path)
  return buildGuide(form)
}

/** @throws UserError for notes: whoever fixed them as YAML would lose their front matter. */
function assertNoNotes({ name, text }: Source, wanted: string): void {
  if (holdsMark(text))
    throw new UserError(`${name} is a notes file, not a ${wanted}. Name notes with --notes.`)
}

type Prepared = Record<string, Checked>
interface Checked {
  text: string
  form: GuideForm
}

function shippedHint(word: string): string {
  const names = shippedNames()
  const all = `Included guides: ${names.join(', ')}. Or name a guide file, such as --guide my-guide.yaml.`
  return didYouMean(word, names) || all
}

const YAML = /\.ya?ml$/i
const yamlIn = (folder: string, ending = YAML) =>
  namesIn(folder)
    .filter(name => ending.test(name))
    .sort()
const nameOf = (path: string) => basename(path).replace(YAML, '')

/** The short names of the shipped guides. */
export const shippedNames = () => yamlIn(SHIPPED).map(nameOf)

/**
 * A shipped guide as it is written.
 * @throws UserError that names the nearest one.
 */
export const shippedGuideText = async (name: string): Promise<string> =>
  (await readText(join(SHIPPED, `${oneOf('included guide', name, shippedNames())}.yaml`))) ?? ''

/** The commented guide that shows every field to who begins one. */
export const starterText = async (): Promise<string> =>
  (await readText(join(SHIPPED, 'starters', 'guide.yaml'))) ?? ''

/**
 * The guide that is meant: the one asked for (a shipped name or a file), else the one that the notes name
 * (shipped, or a YAML file beside the notes), else the one shipped first.
 */
export async function findGuide(asked: string | undefined, notesPath?: string, named?: string) {
  if (asked === '') throw new UserError(`--guide names a guide. ${shippedHint(asked)}`)
  if (asked !== undefined) {
    const shipped = shippedNames().find(name => name === asked.toLowerCase())
    return guideAt(shipped ? join(SHIPPED, `${shipped}.yaml`) : asked)
  }
  if (named === undefined) return guideAt(join(SHIPPED, `${FIRST_GUIDE}.yaml`))
  for (const folder of [SHIPPED, ...(notesPath ? [dirname(notesPath)] : [])]) {
    const found = await guideWithId(folder, named)
    if (found) return found
  }
  const near = notesPath ? await guidesNear(dirname(notesPath), named) : []
  const hint = meantGuide(named, near) || 'Name its file with --guide.'
  throw new UserError(
    `${notesPath} are notes on the guide "${named}", which is neither included nor beside them. ${hint}`,
  )
}

/**
 * The guides that a file in this folder may be about: every shipped one, and the one of that id in the folder. If
 * there is none, those of the folder that are sound: one of them may be meant.
 */
export async function guidesNear(folder: string, id: string | undefined): Promise<Guide[]> {
  const shipped = (await shippedGuides()).map(({ guide }) => guide)
  if (id === undefined || shipped.some(guide => guide.id === id)) return shipped
  const own = await guideWithId(folder, id)
  return [...shipped, ...(own ? [own.guide] : (await soundGuidesIn(folder)).map(({ guide }) => guide))]
}

const shippedGuides = async () => Promise.all(yamlIn(SHIPPED).map(file => guideAt(join(SHIPPED, file))))

/** Every guide that notes without a name of one may be on: the shipped ones, and those of the folder. */
export const allGuidesNear = async (folder: string): Promise<GuideFile[]> => [
  ...(await shippedGuides()),
  ...(await soundGuidesIn(folder)),
]

const OWN_GUIDE = /\.(?:ya?ml|json)$/i

/** @throws UserError if two different guides have the id, or the one that has it is not sound. */
async function guideWithId(folder: string, id: string): Promise<GuideFile | undefined> {
  const found: { path: string; text: string }[] = []
  for (const file of yamlIn(folder, OWN_GUIDE)) {
    const path = join(folder, file)
    const text = await fileText(path)
    if (text !== undefined && (await hasId(text, id, path))) found.push({ path, text })
  }
  const [first] = found
  const other = found.find(({ text }) => text !== first?.text)
  if (first && other)
    throw new UserError(
      `Two guides have the id "${id}": ${first.path} and ${other.path}. Give one of them an id of its own, or name the one you mean with --guide.`,
    )
  return first && guideAt(first.path, first.text)
}

/** The text of a file of a folder; undefined for what is no file, or cannot be read. */
const fileText = async (path: string) => (specialAt(path) ? undefined : readText(path).catch(() => undefined))

/** Other YAML is none of our business: only what holds the id somewhere is read. */
async function hasId(text: string, id: string, name: string): Promise<boolean> {
  if (!text.includes(id) || !text.includes('stories')) return false
  if (`\n${text}`.includes(`\nid: ${id}\n`)) return true
  const { textUnder } = await import('../schema/yaml.ts')
  return textUnder('id', { name, text }) === id
}

async function soundGuidesIn(folder: string): Promise<GuideFile[]> {
  const { examineGuide } = await import('../schema/guide.ts')
  const found: GuideFile[] = []
  for (const name of yamlIn(folder, OWN_GUIDE)) {
    const path = join(folder, name)
    const text = (await fileText(path)) ?? ''
    const form = text.includes('stories') ? examineGuide({ name, text }).value : undefined
    if (form) found.push({ guide: buildGuide(form), path })
  }
  return found
}

/** The folder of the shipped plans. */
const PLANS = join(SHIPPED, 'walkthroughs')

export interface PlanFile {
  /** What people call it: the file's name without its ending. */
  name: string
  path: string
  plan: Plan
}

/** A shipped plan by its name. They had the first guide's name in front when they were for it alone. */
function shippedPlan(word: string): { names: string[]; path?: string } {
  const names = shippedPlanNames()
  const meant = word.toLowerCase().replace(new RegExp(`^${FIRST_GUIDE}-`), '')
  return { names, ...(names.includes(meant) && { path: join(PLANS, `${meant}.yaml`) }) }
}

function noPlan(word: string, kind: string, names: string[], more = ''): UserError {
  const near = [didYouMean(word, names), 'Plans:'].join(' ').trim()
  return new UserError(`There is no ${kind} "${word}". ${near} ${names.join(', ')}${more}.`)
}

/**
 * The plan that is meant: a shipped name, or a file. One that names no guide is for the guide that is asked for, else
 * for the `other` one.
 * @throws UserError if there is none, or with every problem of the file.
 */
export async function findPlan(
  asked: string,
  guideOption?: string,
  other = async () => (await findGuide(undefined)).guide,
): Promise<PlanFile> {
  const { names, path = asked } = shippedPlan(asked)
  const text = await readText(path)
  if (text === undefined) throw noPlan(asked, 'plan', names, ', or your own file, such as my-hour.yaml')
  const { guideNamed, parsePlan } = await import('../schema/plan.ts')
  const source = { name: path, text }
  assertNoNotes(source, 'plan')
  const named = guideNamed(source)
  const guides =
    guideOption !== undefined
      ? [(await findGuide(guideOption)).guide]
      : named === undefined
        ? [await other()]
        : await guidesNear(dirname(path), named)
  const plan = parsePlan(source, guides)
  return { name: nameOf(path), path, plan: named === undefined ? dealt(plan) : plan }
}

/**
 * A shipped plan as it is written.
 * @throws UserError that names the nearest one.
 */
export async function shippedPlanText(name: string): Promise<string> {
  const { names, path } = shippedPlan(name)
  const text = path && (await readText(path))
  if (text === undefined || text === '') throw noPlan(name, 'included plan', names)
  return text
}

export const shippedPlans = async (): Promise<PlanFile[]> =>
  Promise.all(shippedPlanNames().map(name => findPlan(name)))

const shippedPlanNames = () => yamlIn(PLANS).map(nameOf).sort()

/** The list of the shipped plans, for a command that needs one. */
export async function plansList(command: string): Promise<string> {
  const plans = await shippedPlans()
  const width = Math.max(...plans.map(({ name }) => name.length))
  const rows = plans.map(({ name, plan }) => `  ${name.padEnd(width)}  ${plan.title}`)
  return `Plans:\n${rows.join('\n')}\nFor example: pl-stories ${command} ${plans[0]?.name}. You can also name a file of your own, such as my-hour.yaml.\n`
}

/**
 * Where editors find the schema of a new file. yaml-language-server ends a relative path at a space, takes what follows
 * "#" for a fragment, and understands %20 only from version 2 on: with such characters, a file URL always leads there.
 */
export function schemaAddress(path: string, kind: 'guide' | 'walkthrough'): string {
  const schema = resolve(SHIPPED, `${kind}.schema.json`)
  const from = relative(dirname(resolve(path)), schema).replaceAll('\\', '/')
  return /^\w:|[\s#?%]/.test(from) ? pathToFileURL(schema).href : from
}

/** As yaml-language-server reads it: a file URL, or a path up to a "#" (%20 is a space in it from version 2 on). */
export function leadsToFile(address: string, path: string): boolean {
  const there = (each: string) => fs.existsSync(resolve(dirname(path), each))
  const [relative = ''] = address.split('#')
  try {
    if (address.startsWith('file:')) return fs.existsSync(fileURLToPath(address))
    return there(relative) || there(decodeURIComponent(relative))
  } catch {
    // What is not a sound URL leads nowhere.
    return false
  }
}

/*
 * Guides of one's own, as the checker of this version has read them: reading YAML takes most of the time of a command.
 * Whatever goes wrong here, the guide is read from its text.
 */

const MOST_FILES = 20

/** The guide of this text; undefined if it has not been kept. */
function cachedGuide(text: string, path: string): Guide | undefined {
  const file = cacheFile(path)
  const kept = (file && readJson(file)) as Checked | undefined | null
  if (kept?.text !== text) return undefined
  try {
    return buildGuide(kept.form)
  } catch {
    // Somebody has changed what was kept.
    return undefined
  }
}

function cacheGuide(checked: Checked, path: string): void {
  const file = cacheFile(path)
  if (!file) return
  const temporary = `${file}.${process.pid}`
  // A cache folder that cannot be written makes commands slower, and nothing else.
  attempt(() => {
    fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    fs.writeFileSync(temporary, JSON.stringify(checked), { flag: 'wx', mode: 0o600 })
    fs.renameSync(temporary, file)
    const age = (each: string) => fs.statSync(each).mtimeMs
    const files = fs.readdirSync(dirname(file)).map(name => join(dirname(file), name))
    for (const old of files.sort((a, b) => age(b) - age(a)).slice(MOST_FILES)) fs.rmSync(old)
  })
}

function cacheFile(path: string): string | undefined {
  const folder = cacheFolder()
  const name = hashOf(`${about.version}\n${resolve(path)}`).toString(36)
  return folder && join(folder, 'guides', `${name}.json`)
}
