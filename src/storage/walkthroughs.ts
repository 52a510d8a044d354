import { basename, dirname, join } from 'node:path'
import { didYouMean, UserError } from '../domain/errors.ts'
import type { Walkthrough } from '../domain/plan.ts'
import { guideNamed, parseWalkthrough } from '../schema/plan.ts'
import { readText } from './atomic-file.ts'
import { findGuide, guidesNear, SHIPPED, yamlIn } from './catalog.ts'

/** The folder of the shipped plans. */
const PLANS = join(SHIPPED, 'walkthroughs')

export interface PlanFile {
  /** What people call it: the file's name without its ending. */
  name: string
  path: string
  plan: Walkthrough
}

/**
 * The plan that is meant: a shipped name, or a file.
 * @throws UserError if there is none, or with every problem of the file.
 */
export async function findPlan(asked: string, guideOption?: string): Promise<PlanFile> {
  const names = await shippedPlanNames()
  const shipped = names.find(name => name === asked.toLowerCase())
  const path = shipped ? join(PLANS, `${shipped}.yaml`) : asked
  const text = await readText(path)
  if (text === undefined)
    throw new UserError(
      `There is no plan "${asked}". ${didYouMean(asked, names) || `Shipped plans: ${names.join(', ')}. Or name a file of your own, such as my-hour.yaml.`}`,
    )
  const source = { name: path, text }
  const guides =
    guideOption === undefined
      ? await guidesNear(dirname(path), guideNamed(source))
      : [(await findGuide(guideOption)).guide]
  return { name: planName(path), path, plan: parseWalkthrough(source, guides) }
}

/**
 * A shipped plan as it is written.
 * @throws UserError that names the nearest one.
 */
export async function shippedPlanText(name: string): Promise<string> {
  const names = await shippedPlanNames()
  const shipped = names.find(each => each === name.toLowerCase())
  const text = shipped && (await readText(join(PLANS, `${shipped}.yaml`)))
  if (text !== undefined) return text
  throw new UserError(
    `There is no shipped plan "${name}". ${didYouMean(name, names) || `Shipped plans: ${names.join(', ')}.`}`,
  )
}

export async function shippedPlans(): Promise<PlanFile[]> {
  return Promise.all((await shippedPlanNames()).map(name => findPlan(name)))
}

async function shippedPlanNames(): Promise<string[]> {
  return (await yamlIn(PLANS)).map(planName).sort()
}

const planName = (path: string) => basename(path).replace(/\.ya?ml$/i, '')
