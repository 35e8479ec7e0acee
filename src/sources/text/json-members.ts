/** Members of JSON objects of others: only their own, only of the type asked for. */

export type JsonObject = Readonly<Record<string, unknown>>

const none: JsonObject = {}

/** The object that the text is; undefined if it is anything else. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch (error) {
    // what is no JSON is an answer, not a failure
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function hasMember(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key)
}

function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** '' if it is absent or no text. */
export function textMember(object: JsonObject, key: string): string {
  const value = memberOf(object, key)
  return typeof value === 'string' ? value : ''
}

/** An object without members if it is absent or something else. */
export function objectMember(object: JsonObject, key: string): JsonObject {
  const value = memberOf(object, key)
  return isObject(value) ? value : none
}

/** A number, or digits in quotes, as text; '' if it is absent or neither. Whole numbers beyond 2^53 have lost digits. */
export function numberMember(object: JsonObject, key: string): string {
  const value = memberOf(object, key)
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : ''
}
