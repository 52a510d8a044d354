import { shippedPlans } from '../storage/walkthroughs.ts'

/** Names the shipped plans, for a command that needs one. */
export async function listPlans(command: string): Promise<number> {
  const plans = await shippedPlans()
  const width = Math.max(...plans.map(({ name }) => name.length))
  const rows = plans.map(({ name, plan }) => `  ${name.padEnd(width)}  ${plan.title}`)
  process.stdout.write(
    `Plans:\n${rows.join('\n')}\nFor example: pl-stories ${command} ${plans[0]?.name}. A plan of your own is a file, such as my-hour.yaml.\n`,
  )
  return 0
}
