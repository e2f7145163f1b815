/*
 * A stand-in for Claude Code that costs next to nothing: it prints a transcript in its stream-json and exits 0.
 *
 * What to print is said in words of any argument (a prompt will do): "fake events=32 bytes=400 delay=0 line=0".
 *   events  how many events between the first (init) and the last (result)
 *   bytes   length of those lines with their line feeds, on average over three; 467 at least
 *   delay   milliseconds of sleep before each event
 *   line    where not 0, one more event of that many bytes, as one line
 * Every other argument is accepted and ignored. Each message counts 10 input, 100 cache-read and 5 output tokens and
 * costs 0.001 dollars; a message is a text event, a tool_use event (same id) and a tool_result.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SESSION "00000000-0000-4000-8000-000000000000"
#define MODEL "claude-opus-5-5"
#define MESSAGE_TAIL                                                                                           \
  "],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":0," \
  "\"cache_read_input_tokens\":100,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,"                          \
  "\"ephemeral_1h_input_tokens\":0},\"output_tokens\":5,\"service_tier\":\"standard\"}},"                         \
  "\"parent_tool_use_id\":null,\"session_id\":\"" SESSION "\",\"uuid\":\"%08lx-0000-4000-8000-000000000001\"}\n"

static char padding[65536];

/* Bytes of the lines without padding. The answer makes up for what the other two are over, so the average is as asked. */
#define TEXT 529
#define TOOL 610
#define ANSWER 261

/* Writes `count` bytes of text that need no escape. */
static void pad(long count) {
  while (count > 0) {
    size_t part = count > (long)sizeof padding ? sizeof padding : (size_t)count;
    fwrite(padding, 1, part, stdout);
    count -= (long)part;
  }
}

static void text(long message, long number, long bytes) {
  printf("{\"type\":\"assistant\",\"message\":{\"id\":\"msg_%08ld\",\"type\":\"message\",\"role\":\"assistant\","
         "\"model\":\"" MODEL "\",\"content\":[{\"type\":\"text\",\"text\":\"", message);
  pad(bytes - TEXT);
  printf("\"}" MESSAGE_TAIL, number);
}

static void tool(long message, long number, long bytes) {
  printf("{\"type\":\"assistant\",\"message\":{\"id\":\"msg_%08ld\",\"type\":\"message\",\"role\":\"assistant\","
         "\"model\":\"" MODEL "\",\"content\":[{\"type\":\"tool_use\",\"id\":\"toolu_%08ld\",\"name\":\"Bash\","
         "\"input\":{\"command\":\"echo ", message, message);
  pad(bytes - TOOL);
  printf("\",\"description\":\"run it\"}}" MESSAGE_TAIL, number);
}

static void answer(long message, long number, long bytes) {
  printf("{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":[{\"tool_use_id\":\"toolu_%08ld\","
         "\"type\":\"tool_result\",\"content\":\"", message);
  long over = (bytes < TEXT ? TEXT - bytes : 0) + (bytes < TOOL ? TOOL - bytes : 0);
  pad(bytes - ANSWER - over);
  printf("\",\"is_error\":false}]},\"parent_tool_use_id\":null,\"session_id\":\"" SESSION "\","
         "\"uuid\":\"%08lx-0000-4000-8000-000000000002\"}\n", number);
}

static void init(void) {
  printf("{\"type\":\"system\",\"subtype\":\"init\",\"cwd\":\"/project\",\"session_id\":\"" SESSION "\","
         "\"tools\":[\"Task\",\"Bash\",\"Edit\",\"Read\",\"Write\"],\"mcp_servers\":[],\"model\":\"" MODEL "\","
         "\"permissionMode\":\"default\",\"slash_commands\":[\"compact\",\"review\"],\"apiKeySource\":\"ANTHROPIC_API_KEY\","
         "\"claude_code_version\":\"2.1.330\",\"output_style\":\"default\",\"agents\":[],\"skills\":[],\"plugins\":[],"
         "\"uuid\":\"00000000-0000-4000-8000-000000000003\"}\n");
}

static void result(long messages) {
  double cost = 0.001 * (double)messages;
  printf("{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"duration_ms\":10,\"duration_api_ms\":9,"
         "\"num_turns\":%ld,\"result\":\"Done.\",\"stop_reason\":\"end_turn\",\"session_id\":\"" SESSION "\","
         "\"total_cost_usd\":%.6f,\"usage\":{\"input_tokens\":%ld,\"cache_creation_input_tokens\":0,"
         "\"cache_read_input_tokens\":%ld,\"output_tokens\":%ld,\"service_tier\":\"standard\"},"
         "\"modelUsage\":{\"" MODEL "\":{\"inputTokens\":%ld,\"outputTokens\":%ld,\"cacheReadInputTokens\":%ld,"
         "\"cacheCreationInputTokens\":0,\"webSearchRequests\":0,\"costUSD\":%.6f,\"contextWindow\":1000000,"
         "\"maxOutputTokens\":128000}},\"permission_denials\":[],\"uuid\":\"00000000-0000-4000-8000-000000000004\"}\n",
         messages, cost, 10 * messages, 100 * messages, 5 * messages, 10 * messages, 5 * messages, 100 * messages, cost);
}

static long wanted(int count, char **words, const char *name, long otherwise) {
  for (int i = 1; i < count; i++) {
    const char *fake = strstr(words[i], "fake ");
    const char *found = fake == NULL ? NULL : strstr(fake, name);
    if (found != NULL) return strtol(found + strlen(name), NULL, 10);
  }
  return otherwise;
}

int main(int count, char **words) {
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--version") == 0 || strcmp(words[i], "-v") == 0) {
      puts("2.1.330 (Claude Code)");
      return 0;
    }
  }
  long events = wanted(count, words, "events=", 32), bytes = wanted(count, words, "bytes=", 500);
  long delay = wanted(count, words, "delay=", 0), line = wanted(count, words, "line=", 0);
  struct timespec pause = {delay / 1000, delay % 1000 * 1000000};
  memset(padding, 'x', sizeof padding);
  setvbuf(stdout, NULL, _IOFBF, 65536);
  init();
  for (long i = 0; i < events; i++) {
    if (delay > 0) {
      fflush(stdout);
      nanosleep(&pause, NULL);
    }
    if (i % 3 == 0) text(i / 3, i, bytes);
    else if (i % 3 == 1) tool(i / 3, i, bytes);
    else answer(i / 3, i, bytes);
  }
  long messages = (events + 2) / 3;
  if (line > 0) text(messages++, events, line);
  result(messages);
  return 0;
}
