import { expect, test } from "vitest";
import { counted } from "./count";

test("a count that ended at the most says that there may be more", () => {
  expect(counted(0)).toBe("0");
  expect(counted(9_999)).toBe("9,999");
  expect(counted(10_000)).toBe("10,000+");
  expect(counted(6_000, 6_000)).toBe("12,000");
  expect(counted(10_000, 5)).toBe("10,005+");
});
