#!/bin/sh
# A fake Claude Code that behaves badly: it leaves children that left its session, lost their parents, hold its output open and
# do not hear SIGTERM. It spends ten tokens a step and says so, each step under a name of its own.
case "$1" in --version) echo "2.1.330 (Claude Code)"; exit 0 ;; esac
trap '' TERM
session=$(cat /proc/sys/kernel/random/uuid)
how=begun
for word in "$@"; do
  case "$word" in
  --resume=*) session=${word#--resume=} how=resumed ;;
  --session-id=*) session=${word#--session-id=} ;;
  esac
done
echo "$CHAOS_NAME $how $session" >>"$CHAOS_STARTS"
deaf='trap "" TERM HUP INT; while :; do sleep 1; done'
setsid sh -c "$deaf" </dev/null >/dev/null 2>&1 &
(setsid sh -c "($deaf) &" &)
sh -c "$deaf" &
usage='"usage":{"input_tokens":10,"output_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0}'
echo '{"type":"system","subtype":"init","session_id":"'"$session"'","model":"claude-haiku-5-5","claude_code_version":"2.1.330","permissionMode":"default","tools":[],"mcp_servers":[]}'
step=0
while [ $step -lt "$CHAOS_STEPS" ]; do
  step=$((step + 1))
  echo '{"type":"assistant","session_id":"'"$session"'","parent_tool_use_id":null,"message":{"id":"msg_'$$_$step'","type":"message","role":"assistant","model":"claude-haiku-5-5","content":[{"type":"text","text":"step '$step'"}],'"$usage"'}}'
  sleep "$CHAOS_PAUSE"
done
total=$((step * 10))
echo '{"type":"result","subtype":"success","is_error":false,"result":"done","num_turns":1,"session_id":"'"$session"'","total_cost_usd":0.001,"usage":{"input_tokens":'$total',"output_tokens":0},"modelUsage":{"claude-haiku-5-5":{"inputTokens":'$total',"outputTokens":0,"cacheReadInputTokens":0,"cacheCreationInputTokens":0,"costUSD":0.001}},"permission_denials":[]}'
