import { always, inTurns, untilRetried, type Scenarios } from "../scenario.ts";
import { message, refuse, say, shell } from "../step.ts";

const noRetry = { "x-should-retry": "false" };
const spent = "BUDGET_EXCEEDED: run has spent $1.00 of $1.00";
const limited = "This request would exceed your rate limit.";
const stepOne = message(["Step one.", shell("echo hi")]);

/** The account's five-hour window is used up and frees in an hour, as the API tells subscription users. */
function usageLimit(nowSeconds: number, inSeconds = 3600) {
  return refuse(
    429,
    "rate_limit_error",
    "This request would exceed your account's rate limit. Please try again later.",
    {
      "anthropic-ratelimit-unified-status": "rejected",
      "anthropic-ratelimit-unified-reset": String(nowSeconds + inSeconds),
      "anthropic-ratelimit-unified-representative-claim": "five_hour",
      "retry-after": String(inSeconds),
      ...noRetry,
    },
  );
}

/** HTTP errors that may pass: rate limits, overload, server errors. */
export const passing = {
  "429-once": untilRetried(
    "one 429 with retry-after 2, then an answer",
    1,
    refuse(429, "rate_limit_error", limited, { "retry-after": "2" }),
    say("OK after one 429."),
  ),
  "429": always("always 429 with retry-after 1", refuse(429, "rate_limit_error", limited, { "retry-after": "1" })),
  "429-noretry": always("429 that forbids a retry", refuse(429, "rate_limit_error", limited, noRetry)),
  "429-noretry-once": untilRetried(
    "one 429 that forbids the CLI's own retry, then answers: for retries from outside",
    1,
    refuse(429, "rate_limit_error", limited, noRetry),
    say("OK after a retry from outside."),
  ),
  "429-short": always("429 with retry-after 30", refuse(429, "rate_limit_error", "slow down", { "retry-after": "30" })),
  "429-61": always("429 with retry-after 61", refuse(429, "rate_limit_error", "slow down", { "retry-after": "61" })),
  "429-long": always(
    "429 with retry-after 3600",
    refuse(429, "rate_limit_error", "Come back later.", { "retry-after": "3600" }),
  ),
  "429-sub": {
    about: "429 of a subscription's five-hour window, with the moment it resets",
    step: ({ nowSeconds }) => usageLimit(nowSeconds),
  },
  "429-sub-once": {
    about: "a tool call, then a 429 of a window that resets in 4 seconds; whoever comes back to it is answered",
    step: ({ turn, attempt, nowSeconds }) => {
      if (turn === 0) return stepOne;
      return attempt === 1 ? usageLimit(nowSeconds, 4) : say("OK after the window had reset.");
    },
  },
  "529": always("always 529 overloaded", refuse(529, "overloaded_error", "Overloaded")),
  "529-once": untilRetried(
    "two 529s, then an answer",
    2,
    refuse(529, "overloaded_error", "Overloaded"),
    say("OK after two 529s."),
  ),
  "529-noretry": always("529 that forbids a retry", refuse(529, "overloaded_error", "Overloaded", noRetry)),
  "529-noretry-once": untilRetried(
    "one 529 that forbids the CLI's own retry, then answers",
    1,
    refuse(529, "overloaded_error", "Overloaded", noRetry),
    say("OK after a retry from outside."),
  ),
  "500": always("always 500", refuse(500, "api_error", "Internal server error")),
  "500-once": untilRetried(
    "one 500, then an answer",
    1,
    refuse(500, "api_error", "Internal server error"),
    say("OK after a 500."),
  ),
  "500-noretry": always("500 that forbids a retry", refuse(500, "api_error", "Internal server error", noRetry)),
  "503-noretry": always("503 that forbids a retry", refuse(503, "api_error", "gateway draining", noRetry)),
  "rl-headers": {
    about: "an answer with the headers of a subscription window at 91 %",
    step: ({ nowSeconds }) =>
      say("With unified rate limit headers.", {
        headers: {
          "anthropic-ratelimit-unified-status": "allowed_warning",
          "anthropic-ratelimit-unified-reset": String(nowSeconds + 3600),
          "anthropic-ratelimit-unified-representative-claim": "five_hour",
          "anthropic-ratelimit-unified-5h-utilization": "0.91",
          "anthropic-ratelimit-unified-5h-reset": String(nowSeconds + 3600),
          "anthropic-ratelimit-unified-5h-status": "allowed_warning",
          "anthropic-ratelimit-unified-5h-surpassed-threshold": "0.9",
          "anthropic-ratelimit-unified-fallback": "available",
          "anthropic-ratelimit-unified-overage-status": "rejected",
        },
      }),
  },
} satisfies Scenarios;

/** HTTP errors that will not pass by waiting. */
export const lasting = {
  "400": always("invalid request", refuse(400, "invalid_request_error", "messages.0: something is wrong")),
  "400-budget": always("a gateway's budget refusal as 400", refuse(400, "invalid_request_error", spent)),
  "400-long": always(
    "prompt too long",
    refuse(400, "invalid_request_error", "prompt is too long: 220000 tokens > 200000 maximum"),
  ),
  "400-credit": always(
    "credit balance too low",
    refuse(
      400,
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    ),
  ),
  "401": always("bad key (the CLI retries for minutes)", refuse(401, "authentication_error", "invalid x-api-key")),
  "401-noretry": always("bad key, no retry", refuse(401, "authentication_error", "invalid x-api-key", noRetry)),
  "402": always("billing error", refuse(402, "billing_error", spent)),
  "402-custom": always("a gateway's budget refusal with a type of its own", refuse(402, "budget_exceeded", spent)),
  "403": always("forbidden", refuse(403, "permission_error", spent)),
  "404": always("no such model", refuse(404, "not_found_error", "model: nope")),
  "413": always("request too large", refuse(413, "request_too_large", "Request too large")),
  "418": always("a status nobody expects", refuse(418, "teapot", "BUDGET_EXCEEDED")),
  "budget-mid": inTurns("one tool turn, then 402", stepOne, refuse(402, "billing_error", spent)),
  "budget-mid-400": inTurns("one tool turn, then 400", stepOne, refuse(400, "invalid_request_error", spent)),
  "budget-mid-403": inTurns("one tool turn, then 403", stepOne, refuse(403, "permission_error", spent)),
  "budget-mid-429": inTurns(
    "one tool turn, then 429 without retry",
    stepOne,
    refuse(429, "rate_limit_error", spent, noRetry),
  ),
  "budget-soft": inTurns(
    "one tool turn, then a free answer that says the budget is spent",
    stepOne,
    say("[orchestrator] budget spent; stopping.", { usage: { input: 0, output: 0 } }),
  ),
} satisfies Scenarios;
