/** What the usual rules said, counted by rule: while their lines were set, and on the days that are compared. */
import type { AlarmSubject, UsualAlarm, UsualLine, UsualRule } from './usual-rules.ts'

export interface UsualTally {
  rule: UsualRule
  /** Undefined: the rule had too few days, and says nothing. */
  line?: number
  tuned_days: number
  tuned_alarms: number
  /** On the days compared: alarms, how many different subjects, and what they named. The site is nobody's name. */
  alarms: number
  subjects: number
  on_members: number
  on_look_alikes: number
  /** First day on which a member was named. */
  first_on_member_day?: number
}

export interface TallyOptions {
  /** Days compared: [from_day, until_day); alarms before are those of the reference. */
  from_day: number
  until_day: number
  isMember: (subject: AlarmSubject) => boolean
  isLookAlike: (subject: AlarmSubject) => boolean
}

export function tallyUsualRules(
  { lines, alarms }: { lines: readonly UsualLine[]; alarms: readonly UsualAlarm[] },
  { from_day, until_day, isMember, isLookAlike }: TallyOptions,
): UsualTally[] {
  return lines.map(({ rule, line, tuned_days }) => {
    const own = alarms.filter((alarm) => alarm.rule === rule)
    const during = own.filter(({ day }) => day >= from_day && day < until_day)
    const onMembers = during.filter(({ subject }) => isMember(subject))
    return {
      ...{ rule, line, tuned_days, tuned_alarms: own.filter(({ day }) => day < from_day).length },
      alarms: during.length,
      subjects: new Set(during.map(({ subject }) => `${subject.kind} ${subject.id}`)).size,
      on_members: onMembers.length,
      on_look_alikes: during.filter(({ subject }) => isLookAlike(subject)).length,
      first_on_member_day: onMembers[0]?.day,
    }
  })
}
